# A seed that fails is named, with its plan and why, and replayed event by
# event: alone as among others, and again the same.
simulate=$builddir/tests/sim/simulate
test -x "$simulate" || exit 77
plans=$srcdir/tests/sim/plans
"$simulate" -w -p chol.tm "$plans" 1 40 > all && exit 1
cat all
failed=$(awk -F '[ ,]' '/^seed .* has other bits$/ { print $2; exit }' all)
test -n "$failed" || exit 1
"$simulate" -v -w -p chol.tm "$plans" $failed > one && exit 1
"$simulate" -v -w -p chol.tm "$plans" $failed > two && exit 1
cmp one two || exit 1
"$simulate" -v -w -p chol.tm "$plans" $((failed > 3 ? failed - 3 : 1)) \
    $failed > more && exit 1
events=$(grep -c '^ *[0-9.]* [a-z]' one)
echo "seed $failed: $events events"
test "$events" -gt 50 || exit 1
grep '^ *[0-9.]* [a-z]' more | tail -n "$events" > tail
grep '^ *[0-9.]* [a-z]' one | cmp - tail || exit 1
grep -h "^seed $failed," all one more | uniq | wc -l | grep -qx 1 || exit 1

# Without the wrong bit none of them fails.
"$simulate" -p chol.tm "$plans" 1 40
