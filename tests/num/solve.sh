# Solves, LU, inverses and determinants against NumPy: backward errors scaled
# by n eps, the same bits for 1, 2 and 4 threads.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/solve.py" "$TMRUN" "${TM_SEED:-1}"
