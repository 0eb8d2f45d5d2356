# SIGINT and SIGTERM at random times: within two seconds nothing is left of a
# run, neither a process nor a file, and an earlier result stays as it was.
set -e
repeat=${TM_REPEAT:-12}
seed=${TM_SEED:-1}

cat >job.tm <<'TM'
param n = 1500
tile 100
A = rand(n, n)
B = rand(n, n)
C = A * B
D = C * A'
output C, D
write(C, "D2.npy")
TM
"$TMC" job.tm -o job.plan
echo earlier >C.npy

k=0
early=0
while test $k -lt "$repeat"; do
    k=$((k + 1))
    # 0 to 400 ms, from a sequence that a seed repeats
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    wait_ms=$((seed / 65536 % 400))
    signal=INT
    status_wanted=130
    test $((k % 2)) = 0 || { signal=TERM; status_wanted=143; }
    # a shell in the background ignores SIGINT, env takes that back
    env --default-signal=INT,TERM "$TMRUN" job.plan 2>err &
    pid=$!
    sleep "$(printf '0.%03d' $wait_ms)"
    kill -$signal $pid 2>/dev/null || true
    ticks=0
    while kill -0 $pid 2>/dev/null && test $ticks -lt 200; do
        sleep 0.01
        ticks=$((ticks + 1))
    done
    if kill -0 $pid 2>/dev/null; then
        kill -9 $pid
        echo "round $k: still there 2 s after SIG$signal at $wait_ms ms"
        exit 1
    fi
    status=0
    wait $pid || status=$?
    if test $status = 0; then # it was done before the signal came
        rm -f C.npy D.npy D2.npy
        echo earlier >C.npy
    elif test $status != $status_wanted; then
        # before its handlers are there, a signal ends it by itself
        echo "round $k: status $status after SIG$signal at $wait_ms ms"
        cat err
        exit 1
    else
        early=$((early + 1))
    fi
    test "$(cat C.npy)" = earlier ||
        { echo "round $k: the earlier result was changed"; exit 1; }
    left=$(ls -A | grep -vx -e job.tm -e job.plan -e C.npy -e err || true)
    test -z "$left" || { echo "round $k leaves: $left"; exit 1; }
done
test $early -gt 0 || { echo "no round was interrupted"; exit 1; }
