# Usage: resume.sh [N [TILE [EVERY [OPTION...]]]]     (4096 256 0.1s), TMRUN
#
# A Cholesky factorisation that is killed at 25, 50 and 75 % of its time and
# goes on from its last checkpoint: tasks that were saved, that were done then,
# and whether their sum is that of a whole run and the bits are the same.  Then
# what checkpoints cost: seconds with and without, in turn.
set -e
n=${1:-4096}
tile=${2:-256}
every=${3:-0.1s}
test $# -lt 3 || shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > chol.tm <<'EOF'
param n = 100
A = randn(n, n) / 8
L = chol(A + A' + n * eye(n))
output L
EOF

run() {
    "$TMRUN" -v -D n="$n" --tile="$tile" "$@" chol.tm 2> told
}

tasks() {
    sed -n 's/^tmrun: \([0-9]*\) tasks,.*/\1/p' told
}

seconds() {
    sed -n 's/^tmrun: .* tasks, .* in \([0-9.]*\) s.*/\1/p' told
}

run "$@"
mv L.npy whole.npy
all=$(tasks)
run --checkpoint=saved --checkpoint-every="$every" "$@"
time=$(seconds)
printf '%-10s %8s %8s %8s  %s\n' 'killed at' saved left whole bits
for part in 0.25 0.50 0.75; do
    run --checkpoint=saved --checkpoint-every="$every" "$@" 2> killed &
    pid=$!
    sleep "$(awk "BEGIN { print $part * $time }")"
    pkill -9 -P $pid || kill -9 $pid || true
    if wait $pid 2> /dev/null; then
        echo "$part: it was over"
        continue
    fi
    "$TMRUN" -v --resume=saved "$@" 2> told || {
        echo "$part: $(cat told)"
        rm -rf saved
        continue
    }
    saved=$(sed -n 's/.*: \([0-9]*\) tasks were done$/\1/p' told)
    left=$(tasks)
    case $* in
    *--workers*) left=$((left - saved)) ;; # those before are counted
    esac
    cmp -s L.npy whole.npy && bits=same || bits=OTHER
    printf '%-10s %8s %8s %8s  %s\n' $part "$saved" "$left" "$all" $bits
    test $bits = same && test $((saved + left)) = "$all"
done
printf '%-10s %8s %8s\n' '' without with
for k in 1 2 3 4 5; do
    run "$@"
    without=$(seconds)
    run --checkpoint=saved --checkpoint-every="$every" "$@"
    printf '%-10s %8s %8s\n' seconds "$without" "$(seconds)"
done
