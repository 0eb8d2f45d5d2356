# Program 8 and the library's rsvd against NumPy.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/rsvd.py" "$TMRUN" "$srcdir/tests/programs/08_rsvd.tm"
