# Coordinator and workers under a virtual clock, with crashes, hangs, false
# alarms, joins and leaves: every seed gives the bits of one worker without
# faults.  `make simulate SEEDS=1..100000` runs many.
set -e
simulate=$builddir/tests/sim/simulate
test -x "$simulate" || exit 77
"$simulate" "$srcdir/tests/sim/plans" 1 $((400 * ${TM_REPEAT:-1}))
