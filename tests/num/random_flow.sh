# Random loops, branches, tiles and functions do what an interpreter does:
# TM_REPEAT programs (500 for a full run), from TM_SEED on.
test -n "${PYTHON:-}" || exit 77
"$PYTHON" "$srcdir/tests/num/random_flow.py" "$TMC" "$TMRUN" \
    "${TM_REPEAT:-100}" "${TM_SEED:-1}"
