# Every id of base/diag.def has an entry in docs/diagnostics.md, in the same
# order, with a script that has the message, or the test that has one.  That
# the scripts give these messages docs_examples.sh finds out.
page=$srcdir/docs/diagnostics.md
failed=0
sed -n 's/^DIAG(\([a-z_]*\),.*/\1/p' "$srcdir/base/diag.def" >ids
sed -n 's/^### `\([a-z_]*\)`$/\1/p' "$page" >entries
diff -u ids entries || failed=1
while read -r id; do
    awk -v head="### \`$id\`" '
        /^### / { inside = $0 == head; next }
        inside' "$page" >entry
    test_file=$(grep -o 'tests/diag/[a-z_]*\.tm' entry)
    if test -n "$test_file"; then
        grep -q "\[$id\]$" "$srcdir/$test_file" && continue
        echo "$id: no such message in $test_file"
    else
        grep -q "\[$id\]$" entry && grep -q '^Right:$' entry && continue
        echo "$id: the entry lacks the message or what is right"
    fi
    failed=1
done <ids
test "$(wc -l <ids)" -gt 50 || failed=1
exit $failed
