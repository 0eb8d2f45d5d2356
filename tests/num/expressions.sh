# The expressions of bench/expressions at small sizes: results, flops.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/expressions.py" "$TMRUN" "$srcdir/bench/expressions"
