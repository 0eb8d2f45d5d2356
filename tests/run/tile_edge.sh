# The tile edge that is chosen where nobody says: it follows from the plan and
# what is bound, and threads and workers have no say in it.
failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}

# edge TEXT [OPTION...]: what tmc --explain says
edge() {
    printf '%s\n' "$1" >a.tm
    shift
    "$TMC" --explain "$@" a.tm 2>/dev/null |
        sed -n 's/.*[:,] tiles \([0-9]*\) x .*/\1/p' | head -n 1
}

product='param n = 1
C = rand(n, n) * rand(n, n)
output C'
factor='param n = 1
L = chol(spd(n))
output L'
tall='param m = 1
x = lstsq(rand(m, 1000), rand(m, 1))
output x'

# Small matrices are one tile; one that is said holds.
test "$(edge "$product" -Dn=100)" = 112 || fail "100 x 100"
test "$(edge "$product" -Dn=100 --tile=7)" = 7 || fail "--tile"
test "$(edge "tile 9
$product" -Dn=100)" = 9 || fail "tile 9"
# Large products want large tiles, factors more of them, and the larger the
# matrix the larger they are.
a=$(edge "$product" -Dn=4000) b=$(edge "$factor" -Dn=4000)
c=$(edge "$factor" -Dn=1000) d=$(edge "$tall" -Dm=20000)
test "$a" -ge 448 || fail "a product of 4000: $a"
test "$b" -le "$a" || fail "a factor of 4000: $b"
test "$c" -lt "$b" || fail "a factor of 1000: $c"
test "$d" -ge 224 || fail "least squares: $d"
# A loop that ends by its data counts too, not what is before it alone.
e=$(edge 'param n = 1
A = spd(n)
r = norm(A)
while r > 1
  L = chol(A)
  A = L * L'"'"'
  r = norm(A) / 2
end
output A' -Dn=1000) f=$(edge "$product" -Dn=1000)
test "$e" -lt "$f" || fail "factors in a loop: $e, a product: $f"
# There is an edge for a plan that is far too long to be unfolded.
test "$(edge "$factor" -Dn=3000000)" -ge 448 || fail "3000000"
test "$(edge 'A = rand(8, 8)
k = 0
while k < 1000000000
  A = A + 1
  k = k + 1
end
output A')" = 112 || fail "a loop of 10^9"

# The same bits for all.
cat >b.tm <<'TM'
A = spd(300)
L = chol(A)
C = A * L'
x = A \ ones(300, 1)
output L, C, x
TM
"$TMC" b.tm -o b.plan
run() {
    "$TMRUN" -q b.plan "$@" >log 2>&1 || fail "$* ends with $?: $(cat log)"
    cat L.npy C.npy x.npy
    rm -f L.npy C.npy x.npy
}
run --threads=1 >one
for options in --threads=2 --threads=5 --workers=2 "--tile=$(
    edge "$(cat b.tm)")"; do
    run $options >other
    cmp one other || fail "other bits with $options"
done
exit $failed
