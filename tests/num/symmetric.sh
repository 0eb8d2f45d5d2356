# Systems of a symmetric matrix of which no more is known: definite ones by
# Cholesky, others by LU, with the same bits for 1 to 4 threads.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/symmetric.py" "$TMRUN" "${TM_SEED:-1}"
