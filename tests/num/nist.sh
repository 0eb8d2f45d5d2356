# Certified data of NIST: as many digits of the coefficients as NumPy's, less
# one.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/nist.py" "$TMRUN" "$srcdir/tests/num/nist"
