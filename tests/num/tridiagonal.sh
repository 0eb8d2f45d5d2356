# stedc of tridiagonal matrices that are hard to divide or to conquer.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" -c 'import numpy' 2>/dev/null || exit 77
"$PYTHON" "$srcdir/tests/num/tridiagonal.py" "$TMRUN"
