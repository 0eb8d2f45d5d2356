# Random programs give what NumPy gives, with the same bits for one thread and
# two: TM_REPEAT of them (500 for a full run), from TM_SEED on.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/random_programs.py" "$TMC" "$TMRUN" \
    "${TM_REPEAT:-120}" "${TM_SEED:-1}"
