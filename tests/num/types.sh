# The four element types in the whole language against NumPy.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/element_types.py" "$TMRUN"
