# Real data: seven digits or more of the certified coefficients.
set -e
cp -r "$srcdir/examples/data" .
"$TMRUN" "$srcdir/examples/longley.tm" b=b.csv >out
cat out
test "$(grep -c '^coefficient ' out)" = 7
awk '/^digits that survive/ { digits = $NF }
     END { exit !(digits > 6.5 && digits < 12) }' out
test "$(grep -vc '[a-z]' b.csv)" = 7
