# Seeds that failed once: the first found a fault when it was new, the others
# the first that saw one that was planted for them.  A line each: the plan, the
# seed, what was wrong.
set -e
simulate=$builddir/tests/sim/simulate
test -x "$simulate" || exit 77
while read -r plan seed why; do
    echo "$plan $seed: $why"
    "$simulate" -p $plan.tm "$srcdir/tests/sim/plans" $seed
done <<'END'
qr 359 a copy was to come from a worker that leaves, and had gone
lu 78 a copy that others wait for was closed when its own reader was done
gemm 28 a worker that leaves became the owner of what it holds
fails 3 tiles were placed on a lost worker, whose cells stayed its own
kmeans 5 what workers held in an epoch that was over was taken for this one's
chain 17 a worker that was given up was listened to
chol 10 a tile that was asked for in the epoch before was sent
qr 7 a version that is made again counted as held
chain 1 what a task reads was not needed when it had to run again
lu 34 a version that a worker had made twice got its handle twice
chol 3 a worker that wanted to leave was never let go
chain 3 a worker was let go before what it had was with others
cg 8 a walk that began anew did not begin with the first answer
END
