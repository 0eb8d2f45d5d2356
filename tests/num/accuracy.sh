# Factorisations and solves of random and ill-conditioned matrices, as accurate
# as SciPy's.  TM_REPEAT=200 tries 200 random matrices of each type.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" -c 'import scipy.linalg' 2>/dev/null || exit 77
"$PYTHON" "$srcdir/tests/num/accuracy.py" "$TMRUN" "${TM_REPEAT:-24}"
