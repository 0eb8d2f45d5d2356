# Each row of compiler/rules.def: it is used where it should be, and changes
# values by rounding alone.
test -n "$PYTHON" || exit 77
exec "$PYTHON" "$srcdir/tests/num/rewrites.py" "$TMC" "$TMRUN" \
    "$srcdir/compiler/rules.def"
