# Workers that the run starts on other hosts, by a shell that stands in for ssh,
# and processes that srun started, by its variables: the same bits, and a secret
# that no command line shows.  Skipped without libsodium.
set -e
TMPDIR=$(mktemp -d) # a short one: paths of sockets are
export TMPDIR
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$TMPDIR"' EXIT
. "$srcdir/tests/shell.sh"

cat >shell <<'SH'
#!/bin/sh
echo "$@" >>"$SHELL_LOG"
test "$1" != nowhere || exit 255
shift
exec sh -c "$*"
SH
chmod +x shell
SHELL_LOG=$PWD/log
TILEMATRIX_SSH=$PWD/shell
export SHELL_LOG TILEMATRIX_SSH

cat >work.tm <<'TM'
param n = 300
param turns = 3
tile 60
A = randn(n, n) / 20
B = A
for k in 0..turns
  B = B * A + A
end
print("norm", norm(B))
output B
TM
"$TMRUN" --threads=1 work.tm >lines
md5sum B.npy >sums
same() {
    cmp lines out && md5sum --quiet -c sums || fail "$1: another result"
    rm B.npy
}
run() { # what it is, status, options
    what=$1 wanted=$2
    shift 2
    status=0
    rm -f log
    "$TMRUN" "$@" work.tm >out 2>err || status=$?
    test $status = $wanted || fail "$what: status $status: $(cat err)"
}

"$TMRUN" --hosts=127.0.0.1 work.tm 2>err >out || :
! grep -q "without libsodium" err || exit 77

# ---- a remote shell ---------------------------------------------------------
run "two hosts" 0 --hosts=127.0.0.1:1,me@localhost
same "two hosts"
test $(wc -l <log) = 2 || fail "not two: $(cat log)"
grep -q "^127.0.0.1 .*--join=tcp://127.0.0.1:.*--threads=1" log &&
    grep -q "^me@localhost .*--secret-file=-" log || fail "$(cat log)"
! grep -q "[0-9a-f]\{32\}" log || fail "a secret is shown: $(cat log)"
run "this host and another" 0 --hosts=-:1,localhost:1 --ssh="$PWD/shell"
same "this host and another"
run "this host twice" 0 --hosts=-:1,-:1
same "this host twice"
test ! -e log || fail "a shell for this host: $(cat log)"
run "a host that is not there" 0 --hosts=127.0.0.1:1,nowhere
same "a host that is not there"
grep -q "the worker on nowhere ended with status 255" err || fail "$(cat err)"
run "none is there" 4 --hosts=nowhere --listen=tcp://127.0.0.1:$((20000 + $$ % 12000))
grep -q "the worker on nowhere ended with status 255, and no other" err ||
    fail "$(cat err)"
for list in a:0 a:x , -oProxyCommand=x "a b"; do
    run "hosts $list" 2 --hosts="$list"
    grep -q "not a host as in\|no host is named" err || fail "$list: $(cat err)"
done
run "an open address" 2 --hosts=localhost --listen=tcp://*:7070
grep -q "has to name this host" err || fail "$(cat err)"
run "no shell" 6 --hosts=localhost --ssh="$PWD/nothing"
grep -q "cannot start a worker, .*nothing: No such file" err || fail "$(cat err)"

# Whoever started them is killed: they end.
rm -f log
"$TMRUN" -D turns=1000000 --hosts=localhost:1 work.tm >out 2>err &
long=$!
children() {
    test -n "$(cat /proc/$long/task/$long/children)"
}
await children
worker=$(cat /proc/$long/task/$long/children | tr -d ' ')
sleep 0.3
kill -KILL $long
wait $long || :
ended() {
    ! kill -0 $worker 2>/dev/null
}
await ended

# ---- Slurm ------------------------------------------------------------------
srun() { # rank, options
    rank=$1
    shift
    SLURM_PROCID=$rank SLURM_NTASKS=3 SLURM_JOB_ID=$$ SLURM_STEP_ID=2 \
        SLURM_STEP_NODELIST='127.0.[0.1,0.2-9]' "$TMRUN" --threads=1 "$@" \
        work.tm
}
srun 2 >out2 2>err2 &
two=$!
srun 1 >out1 2>err1 &
one=$!
srun 0 >out 2>err || fail "the first of three: status $?: $(cat err)"
wait $one || fail "the second: status $?: $(cat err1)"
wait $two || fail "the third: status $?: $(cat err2)"
same "three processes of a step"
cat out1 out2 >others
test ! -s others || fail "others print: $(cat others)"
status=0
SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_STEP_NODELIST='node[01-02]' \
    "$TMRUN" work.tm 2>err || status=$?
test $status = 2 && grep -q "tcp://node01:.*asked for a secret" err ||
    fail "a step without a secret: status $status: $(cat err)"
# The script of a job is no step.
SLURM_PROCID=0 SLURM_NTASKS=3 "$TMRUN" work.tm >out
same "a script of a job"
