# eig and svd of matrices that are large enough to be done in steps.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" -c 'import scipy.linalg' 2>/dev/null || exit 77
"$PYTHON" "$srcdir/tests/num/spectral.py" "$TMRUN" "${TM_REPEAT:-1}"
