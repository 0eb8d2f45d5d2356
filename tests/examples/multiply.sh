# The first example: as a plan, as a script, and the same on whole matrices.
set -e
for script in multiply multiply_matrix; do
    "$TMC" "$srcdir/examples/$script.tm"
    "$TMRUN" $script.plan C=$script.npy >$script.out
    "$TMRUN" "$srcdir/examples/$script.tm" C=again.npy >again.out
    cmp $script.npy again.npy
    cmp $script.out again.out
    echo "every entry of C is 800" | diff - $script.out
    # without the line that each task comes from
    "$TMC" --emit=tasks "$srcdir/examples/$script.tm" |
        sed 's/  # line .*//' >$script.tasks
    test "$(grep -cw gemm $script.tasks)" = 64
    test "$(grep -w gemm $script.tasks | grep -vc '^[0-9]*: C\[')" = 0
done
cmp multiply.npy multiply_matrix.npy
diff multiply.tasks multiply_matrix.tasks
# One plan, other sizes.
test "$("$TMRUN" multiply.plan -D n=130 C=small.npy)" = \
    "every entry of C is 260"
test "$("$TMRUN" multiply.plan -D n=130 --tile 37 C=small.npy)" = \
    "every entry of C is 260"
