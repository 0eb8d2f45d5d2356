# Workers that are processes, on this host and over tcp: the same bits, lines
# and messages as one thread, and nothing is left behind.
set -e
TMPDIR=$(mktemp -d) # a short one: paths of sockets are
export TMPDIR
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$TMPDIR"' EXIT

cat >job.tm <<'TM'
tile 64
param n = 500
A = randn(n, n)
B = randn(n, n)
C = A * B
S = C * C' + n * eye(n)
L = chol(S)
x = 0.0
k = 0
while k < 3
  x = x / 2 + norm(C)
  k = k + 1
  print("step ", k)
end
print("norm ", norm(L))
output C, L
output x
TM
cat >other.tm <<'TM'
tile 50
param p = 2.5
input A(n, n)
input v(n, 1)
D = A' * A + p * A
w = D * v
print("w ", sum(w))
output D
output w
write(D + 1, "E.npy")
TM

. "$srcdir/tests/shell.sh"

# Nothing but these may be here: no partial output, no folder of sockets.
nothing_left() {
    left=$(ls -A "$TMPDIR"; ls -A | grep '\.tmp-' || true)
    test -z "$left" || fail "$1: left behind: $left"
}

"$TMRUN" --threads=1 job.tm >lines
md5sum C.npy L.npy x.npy >sums
cp C.npy A.npy
rm C.npy L.npy x.npy
"$TMRUN" -q --threads=1 --tile=500 -D n=500 job.tm >/dev/null
cat >v.tm <<'TM'
v = randn(500, 1)
output v
TM
"$TMRUN" v.tm v=v.csv
"$TMRUN" --threads=1 other.tm A=A.npy v=v.csv w=w.csv >lines2
md5sum D.npy w.csv E.npy >sums2

# ---- the same for any number of processes, here and over tcp ---------------
for workers in 1 2 4; do
    rm -f C.npy L.npy x.npy D.npy w.csv E.npy
    "$TMRUN" --workers=$workers --threads=2 job.tm >out
    cmp lines out && md5sum --quiet -c sums || fail "$workers processes differ"
    "$TMRUN" --workers=$workers other.tm A=A.npy v=v.csv w=w.csv >out
    cmp lines2 out && md5sum --quiet -c sums2 ||
        fail "$workers processes differ with files"
    nothing_left "$workers processes"
done

for shared in "" --shared-files; do
    rm -f C.npy L.npy x.npy D.npy w.csv E.npy
    port
    mkdir -p elsewhere
    (cd elsewhere && exec "$TMRUN" --join=tcp://127.0.0.1:$p) &
    one=$!
    "$TMRUN" --join=tcp://127.0.0.1:$p --threads=1 &
    two=$!
    "$TMRUN" --listen=tcp://127.0.0.1:$p --workers=2 $shared \
        other.tm A=A.npy v=v.csv w=w.csv >out
    wait $one || fail "a worker over tcp ended with status $?"
    wait $two || fail "a worker over tcp ended with status $?"
    cmp lines2 out && md5sum --quiet -c sums2 || fail "tcp differs"
    test -z "$(ls elsewhere)" || fail "a worker wrote files"
    nothing_left "tcp"
done

# ---- failures: the message and status of one thread -------------------------
cat >bad.tm <<'TM'
tile 50
input A(n, n)
B = A - 1000 * eye(n)
print("before")
L = chol(B + B')
output L
TM
status=0
"$TMRUN" --threads=1 bad.tm A=A.npy >out1 2>err1 || status=$?
test $status = 1 || fail "status $status"
status=0
"$TMRUN" --workers=3 bad.tm A=A.npy >out2 2>err2 || status=$?
test $status = 1 || fail "status $status with processes"
cmp out1 out2 && cmp err1 err2 || fail "another message with processes"
nothing_left "a failure"

# ---- who may not listen or join ---------------------------------------------
wants() { # status, words of the message, command
    wanted=$1
    words=$2
    shift 2
    status=0
    "$@" >out 2>err || status=$?
    test $status = $wanted || fail "$*: status $status, not $wanted: $(cat err)"
    grep -q -- "$words" err || fail "$*: not '$words': $(cat err)"
    nothing_left "$*"
}
wants 2 "loopback" "$TMRUN" --listen=tcp://0.0.0.0:7070 job.tm
wants 2 "loopback" "$TMRUN" --join=tcp://10.1.2.3:7070
wants 2 "tcp://127.0.0.1:7070" "$TMRUN" --listen=tcp://127.0.0.1:99999 job.tm
wants 2 "told its plan" "$TMRUN" --join=tcp://127.0.0.1:7070 job.tm
wants 6 "cannot make a folder for sockets in /proc/nowhere: " \
    env TMPDIR=/proc/nowhere "$TMRUN" --workers=2 job.tm
port
mkdir -p elsewhere
(cd elsewhere && exec "$TMRUN" --listen=tcp://127.0.0.1:$p ../job.tm) &
first=$!
sleep 0.5
wants 6 "tcp://127.0.0.1:$p: Address already in use" \
    "$TMRUN" --listen=tcp://127.0.0.1:$p job.tm
kill $first
wait $first || test $? = 143

# ---- ends -------------------------------------------------------------------
cat >long.tm <<'TM'
A = randn(4000, 4000)
for k in 0..100
  A = A * A
end
output A
TM
start_long() {
    "$TMRUN" --workers=2 --heartbeat=1 long.tm >out 2>err &
    long=$!
    for ticks in 1 2 3 4 5 6 7 8 9; do
        children=$(cat /proc/$long/task/$long/children 2>/dev/null || true)
        test -z "$children" || break
        sleep 0.1
    done
    sleep 0.5
    set -- $children
    child=$1
}
ends_with() { # status, after an event, of a run that should not go on
    status=0
    wait $long || status=$?
    test $status = $1 || fail "$2: status $status: $(cat err)"
    for ticks in 1 2 3 4 5 6 7 8 9 10; do
        alive=
        for pid in $children; do
            grep -q tmrun /proc/$pid/comm 2>/dev/null &&
                ! grep -q '^State:.Z' /proc/$pid/status 2>/dev/null &&
                alive="$alive $pid"
        done
        test -n "$alive" || break
        sleep 0.2
    done
    test -z "$alive" || fail "$2: workers$alive are still there"
    test -z "$(ls -A "$TMPDIR")" || fail "$2: sockets are still there"
}
start_long
kill -TERM $long
ends_with 143 "terminated"
nothing_left "terminated"

start_long # workers see that it is gone, and remove its sockets
kill -KILL $long
ends_with 137 "the coordinator was killed"
rm -f .A.npy.tmp-* # nobody is left who could

# ---- workers that are lost, come and leave ----------------------------------
cat >work.tm <<'TM'
param n = 1200
tile 150
A = randn(n, n) / 40
C = A * A
print("begun", C(0,0))
for k in 0..60
  C = C * A + A
end
output C
TM
"$TMRUN" --threads=1 work.tm >lines
md5sum C.npy >sums
rm C.npy

begin() { # options; the run is in the middle of it
    rm -f C.npy
    : >out
    : >err
    "$TMRUN" "$@" work.tm >out 2>err &
    run=$!
}
begun() {
    await grep -q begun out
    children=$(cat /proc/$run/task/$run/children 2>/dev/null || true)
    set -- $children
    child=$1
}
ends_right() { # what happened, words of the messages
    status=0
    wait $run || status=$?
    test $status = 0 || fail "$1: status $status: $(cat err)"
    cmp lines out && md5sum --quiet -c sums || fail "$1: another result"
    test $# = 1 || grep -q -- "$2" err || fail "$1: not '$2': $(cat err)"
    nothing_left "$1"
}

begin --workers=3 --threads=1
begun
kill -KILL $child
ends_right "a worker was killed" \
    "worker . (process $child on .*) was killed by signal 9"
grep -q "tasks that were done are computed again" err ||
    fail "not said what is computed again: $(cat err)"

begin --workers=3 --threads=1 --heartbeat=1
begun
kill -STOP $child
ends_right "a worker was stopped" \
    "worker . (process $child on .*) was silent for 1 s"
test ! -e /proc/$child || fail "the worker that was stopped is still there"

begin --workers=3 --threads=1
begun
kill -TERM $child
ends_right "a worker was to end" "worker . (process $child on .*) has left"
! grep -q "computed again" err || fail "it has not handed over: $(cat err)"

begin --workers=2 --threads=1
begun
kill -KILL $children
status=0
wait $run || status=$?
test $status = 4 && grep -q "all workers are lost" err ||
    fail "all were killed: status $status: $(cat err)"
nothing_left "all were killed"

join() { # sets $joined
    "$TMRUN" --join=tcp://127.0.0.1:$p --threads=1 2>err_join &
    joined=$!
}
joins_end() { # status, process
    status=0
    wait $2 || status=$?
    test $status = $1 ||
        fail "a worker ended with status $status: $(cat err_join)"
}

# Another one joins, then the first has to leave.
port
begin --listen=tcp://127.0.0.1:$p
join
first=$joined
begun
join
await grep -q "worker 1 (process $joined on .*) has joined" err
kill -TERM $first
await grep -q "worker 0 (process $first on .*) has left" err
joins_end 143 $first
ends_right "one came and one left"
joins_end 0 $joined

# The only one is lost: the run waits.
port
begin --listen=tcp://127.0.0.1:$p --heartbeat=1
join
begun
kill -KILL $joined
joins_end 137 $joined
await grep -q "no worker is left: waiting for some to join at tcp" err
join
ends_right "the only one was lost"
joins_end 0 $joined

# Given up, it wakes: nobody listens to it any more.
port
begin --listen=tcp://127.0.0.1:$p --heartbeat=1 --workers=2
join
first=$joined
join
begun
kill -STOP $first
await grep -q "(process $first on .*) was silent for 1 s" err
kill -CONT $first
ends_right "one woke when it had been given up"
joins_end 0 $joined
joins_end 4 $first

# ---- nothing stands still without a word ------------------------------------
cat >slow.tm <<'TM'
A = rand(4000, 4000) / 4000
for k in 0..3
  A = A * A
end
output A
TM
"$TMRUN" --workers=2 --threads=1 --heartbeat=0.4 --tile=4000 slow.tm 2>err ||
    fail "slow tasks: status $?: $(cat err)"
grep -q "nothing has ended for .* s: 1 tasks running, .*; the oldest that has not ended is task . (gemm, slow.tm:3) on worker ." err ||
    fail "it stood still without a word: $(cat err)"

# ---- a task that kills whoever does it ---------------------------------------
cat >bomb.c <<'C'
#include <signal.h>
double pow(double x, double y)
{
    if (x > 1e6 && y == 2.5)
        raise(SIGKILL);
    return x;
}
C
cat >bomb.tm <<'TM'
tile 50
A = rand(400, 400)
A(70, 120) = 1e9
B = A * A
C = A .^ 2.5
D = C * B + B
output D
TM
bomb() { # workers, the message
    status=0
    LD_PRELOAD=$PWD/bomb.so "$TMRUN" --workers=$1 --threads=1 bomb.tm 2>err ||
        status=$?
    test $status = 4 || fail "$1 and a bomb: status $status: $(cat err)"
    grep -q "^bomb.tm:5:5: error: $2" err ||
        fail "$1 and a bomb: not '$2': $(cat err)"
    nothing_left "$1 and a bomb"
}
if cc -shared -fPIC -fno-builtin -o bomb.so bomb.c 2>/dev/null &&
    LD_PRELOAD=$PWD/bomb.so "$TMRUN" --version >/dev/null 2>&1; then
    bomb 6 "3 workers were lost while each did nothing but this"
    bomb 4 "all workers are lost, 2 of them while they did nothing but this"
fi
