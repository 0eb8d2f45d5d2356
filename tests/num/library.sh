# The small functions of the library agree with NumPy, with the same bits for
# 1, 2 and 4 threads.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/library.py" "$TMC" "$TMRUN" "${TM_SEED:-1}"
