# A run that workers joined, killed with all it knew, goes on with others that
# join: from its last checkpoint, before and in the middle of what is left.
set -e
. "$srcdir/tests/shell.sh"
TMPDIR=$(mktemp -d) # a short one: paths of sockets are
export TMPDIR
trap 'kill -9 $(jobs -p) 2> /dev/null || true; rm -rf "$TMPDIR"' EXIT
turns 1200 1500 > turns.tm
"$TMRUN" --threads=1 turns.tm > lines.whole
mv x.npy whole.npy

listen() { # a run that waits for workers
    port
    "$TMRUN" -v --listen=tcp://127.0.0.1:$p --heartbeat=1 "$@" \
        > lines 2> err &
    run=$!
}

join() {
    "$TMRUN" --join=tcp://127.0.0.1:$p --threads=1 2> joined.$1 &
}

numbers() { # of the checkpoints
    ls saved 2> /dev/null | sed -n 's/^checkpoint-\([0-9]*\)$/\1/p' | sort -n
}

checkpoints() { # at least so many were written, or it is over
    ! kill -0 $run || test "$(numbers | tail -n 1)" -ge "$1"
}

listen --checkpoint=saved --checkpoint-every=0.02s turns.tm
join 1
join 2
until checkpoints 2 2> /dev/null; do
    sleep 0.005
done
kill -9 $run || true
# It was over before, or about to be, with its checkpoints gone.
if wait $run 2> /dev/null || test -z "$(numbers)"; then
    exit 0
fi
cp lines lines.killed
wait # its workers hear nothing more of it, and end

listen --resume=saved --checkpoint-every=1h
join 3
await grep -q "tasks were done" err
join 4 # into the run, or too late
wait $run || fail "$(cat err)"
cmp x.npy whole.npy
tail -n "$(wc -l < lines)" lines.whole | cmp - lines
test $(($(wc -l < lines) + $(wc -l < lines.killed))) -ge \
    "$(wc -l < lines.whole)"
test -z "$(ls -A saved)" || fail "left behind: $(ls -A saved)"
