# tmrun --simulate: the plan on an imagined cluster, twice the same, within
# its bounds, and nothing is written.
cat > p.tm << 'END'
param n = 400
tile 20
R = rand(n, n)
A = R * R' + n * eye(n)
L = chol(A)
output L
END
on=workers=70,cores=2,flops=1e9,latency=1e-5,bandwidth=1e9
"$TMRUN" --simulate=$on p.tm > a || exit 1
"$TMRUN" --simulate=$on p.tm > b || exit 1
cmp a b || exit 1
cat a
awk '/^seconds/ { s = $2 } /^work/ { w = $5 } /^longest/ { c = $3 }
    END { exit !(s > 0 && s >= w && s >= c) }' a || exit 1
grep '^gives out first .* of the time$' a || exit 1
grep '^workers, at most' a && exit 1
"$TMRUN" --simulate=$on,task=1e-3 p.tm > slow || exit 1
grep '^gives out first  *coordinator,' slow || exit 1

# Tiles move as in a block-cyclic layout, for products and factors alike.
cat > g.tm << 'END'
param t = 9
matrix A(t * 4, t * 4) tile 4
matrix B(t * 4, t * 4) tile 4
for i in 0..t
  for j in 0..t
    A[i,j] *= 2
    B[i,j] *= 3
  end
end
C = A * B
output C
END
for workers in 4 16 64; do
    for script in g.tm p.tm; do
        "$TMRUN" --simulate=workers=$workers $script > traffic || exit 1
        awk -v w=$workers -v s=$script '/^tiles moved/ { print w, s, $0
            if ($6 > 1.3 || $3 == 0) exit 1 }' traffic || exit 1
    done
done

# More workers than there can be: what would end that.
"$TMRUN" --simulate=workers=1000,cores=64 p.tm > many || exit 1
cat many
grep '^workers, at most *511  .*more than 511 other processes$' many || exit 1

"$TMRUN" --simulate=$on,lost=1 p.tm > c || exit 1
cat c
grep '^tasks done again' c || exit 1
test ! -e L.npy || exit 1
"$TMRUN" --simulate=workers=0 p.tm 2> err && exit 1
cat err
grep 'workers=0' err || exit 1
"$TMRUN" --simulate=wrokers=2 p.tm 2> err && exit 1
grep 'workers=N' err
