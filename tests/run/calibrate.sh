# tmrun --calibrate: rates of each kernel that has one in the table, and the
# tile edge; nothing is run.
cat >a.tm <<'TM'
param n = 2000
C = rand(n, n) * rand(n, n)
output C
TM
"$TMRUN" --calibrate a.tm >out || exit 1
test ! -e C.npy || exit 1
sed -n 's/^RATE(AVX512, \([A-Z]*\),.*/\1/p' "$srcdir/plan/rates.def" |
    sort >want
sed -n 's/^RATE([A-Z0-9]*, \([A-Z]*\), [0-9].*/\1/p' out | sort >got
diff want got || exit 1
grep -q '^MEMORY([A-Z0-9]*, [0-9.]*)$' out || exit 1
grep -q '^tile edge: [0-9]*; with these rates [0-9]*$' out || exit 1

# Where it is said it is not chosen.
"$TMRUN" --calibrate --tile=7 a.tm |
    grep -q '^tile edge: 7, which was asked for$' || exit 1
"$TMRUN" --calibrate -D n=-1 a.tm 2>err && exit 1
grep -q 'error: ' err
