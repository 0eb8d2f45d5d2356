# Worker processes that die or hang at random times: kills.py, which `make
# kills RUNS=200` runs for long.
set -e
test -n "${PYTHON:-}" || exit 77
TMPDIR=$(mktemp -d) # a short one: paths of sockets are
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
"$PYTHON" "$srcdir/tests/run/kills.py" "$TMRUN" "${TM_REPEAT:-10}"
test -z "$(ls -A "$TMPDIR")" || {
    echo "left behind: $(ls -A "$TMPDIR")"
    exit 1
}
