# The ten programs of tests/programs against NumPy: two sizes, two tile edges,
# 1, 2 and 4 threads with the same bits.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/ten_programs.py" "$TMRUN" "$srcdir/tests/programs"
