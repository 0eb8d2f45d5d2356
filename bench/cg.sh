# Conjugate gradients, bench/cg.tm: 200 turns on 4000 x 4000 entries, each
# with a test on data.  How long no task runs because the walker waits for a
# number: the goal is less than 3 %.
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT
for k in 1 2 3 4 5; do
    "$TMRUN" -q -v "$srcdir/bench/cg.tm" >out 2>totals || {
        cat totals
        exit 1
    }
    grep -q '^turns 200 ' out || { cat out; exit 1; }
    sed -n 's/^tmrun: .* tasks, .* in \([0-9.]*\) s.*/\1/p
            s/^.* no task ran for \([0-9.]*\) %, for \([0-9.]*\) %.*/\1 \2/p' \
        totals | tr '\n' ' '
    echo
done | sort -k 3n | awk '
    { seconds[NR] = $1; idle[NR] = $2; waited[NR] = $3 }
    END {
        if (NR != 5)
            exit 1
        printf "%.2f s, no task ran for %.2f %%, because of a number for ",
               seconds[3], idle[3]
        printf "%.2f %% (%.2f to %.2f)\n", waited[3], waited[1], waited[5]
    }'
