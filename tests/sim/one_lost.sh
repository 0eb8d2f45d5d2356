# One worker of N is lost when half of the tasks are done: what must be done
# again is near 1/N of them, also in loops that end by their data.
simulate=$builddir/tests/sim/simulate
test -x "$simulate" || exit 77
for workers in 2 4 8; do
    "$simulate" -l $workers "$srcdir/tests/sim/plans" 1 160 > out || {
        cat out
        exit 1
    }
    # 0.2: LU's panels and tasks under way; small plans, 20 seeds each.
    awk -v n=$workers '$1 ~ /\.tm$/ { print n, $0 }
        $1 ~ /\.tm$/ && $2 > 1 / n + 0.25 { bad = 1 }
        END { exit bad }' out || exit 1
done
# Near the end too: what was stored and is read no more is still there.
"$simulate" -l 4 -a 0.9 "$srcdir/tests/sim/plans" 1 160 > out || exit 1
awk '$1 ~ /\.tm$/ { print "near the end", $0 }
    $1 ~ /\.tm$/ && $2 > 1 / 4 + 0.1 { bad = 1 }
    END { exit bad }' out
