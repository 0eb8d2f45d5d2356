# The factor is good at three sizes and two tile sizes, out of one plan.
set -e
"$TMC" "$srcdir/examples/cholesky_tiles.tm"
for n in 1 300 1000; do
    for tile in 100 256; do
        "$TMRUN" cholesky_tiles.plan -D n=$n --tile $tile L=L.npy >out
        cat out
        grep -q '^residual ' out
        test -s L.npy
    done
done
