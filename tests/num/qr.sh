# QR and least squares against NumPy, by residuals.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/qr.py" "$TMRUN" "$srcdir"
