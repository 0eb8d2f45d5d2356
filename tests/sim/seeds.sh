# Coordinator and workers under a virtual clock, with crashes, hangs, false
# alarms, joins and leaves: every seed gives the bits of one worker without
# faults.  `make simulate SEEDS=1..100000` runs many.
set -e
simulate=$builddir/tests/sim/simulate
test -x "$simulate" || exit 77
"$simulate" "$srcdir/tests/sim/plans" 1 $((400 * ${TM_REPEAT:-1}))
# Seeds that once failed, and why.
while read -r seed why; do
    "$simulate" "$srcdir/tests/sim/plans" "$seed" > out || {
        cat out
        echo "seed $seed: $why"
        exit 1
    }
done << 'END'
53 a task behind the failure read what nobody made again
376 the same
677 the same
3300 the same
END
