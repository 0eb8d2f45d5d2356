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
"$TMRUN" --simulate=$on,lost=1 p.tm > c || exit 1
cat c
grep '^tasks done again' c || exit 1
test ! -e L.npy || exit 1
"$TMRUN" --simulate=workers=0 p.tm 2> err && exit 1
cat err
grep 'workers=0' err || exit 1
"$TMRUN" --simulate=wrokers=2 p.tm 2> err && exit 1
grep 'workers=N' err
