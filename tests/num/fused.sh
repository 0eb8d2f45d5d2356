# Expressions that are not stored whole: reductions of entrywise trees, with
# the bits of what is stored first, products in expressions, and products that
# are symmetric, diagonal or triangular, all against NumPy.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/fused.py" "$TMC" "$TMRUN" "${TM_SEED:-1}"
