# Programs that solve, against NumPy: ridge regression, alternating least
# squares; two sizes, two tile edges, 1, 2 and 4 threads with the same bits.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/programs_solve.py" "$TMRUN" "$srcdir/tests/programs"
