# A disk that gets full, in a file system of its own that ends with the test:
# status 5, what is needed and what is free, nothing left behind.
tool=$builddir/tests/unit/file_tool
test -x "$tool" || { echo "$tool is missing"; exit 99; }

if test "${1:-}" != inside; then
    mkdir small
    for how in "-m" "-rm"; do
        unshare $how sh -c 'mount -t tmpfs -o size=256k none small' \
            2>/dev/null || continue
        unshare $how sh -c 'mount -t tmpfs -o size=256k none small &&
            exec bash "$0" inside' "$0"
        exit
    done
    echo "no file system can be mounted here"
    exit 77
fi

failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}

# expect NAME PATTERN...: the last run's error
expect() {
    test $status = 5 || fail "$1: status $status: $error"
    for pattern; do
        case $error in
        *"$pattern"*) ;;
        *) fail "not \"$pattern\" in: $error" ;;
        esac
    done
    left=$(ls -A small)
    test "$left" = "$kept" || fail "$1: left behind: $left"
}

# numbers of five digits: 10000 x 4 are more than 256 kB in every format
awk 'BEGIN { for (i = 10000; i < 20000; i++)
    printf "%d.5,%d.25,%d.125,%d\n", i, i, i, i }' >many.csv
kept=
for name in a.npy a.mtx a.csv; do
    error=$("$tool" many.csv small/$name 100 4 2>&1) && status=0 || status=$?
    case $name in
    *.npy) needs="needs 320128 bytes" ;;
    *) needs="needs at least" ;;
    esac
    expect $name "no space for small/$name" "$needs" "are free (small)"
done
# .npy: found before the first entry, with all that is free
expect_free=$(stat -f -c '%a %S' small | { read -r a b; echo $((a * b)); })
error=$("$tool" -z small/z.npy 1000 1000 2>&1) && status=0 || status=$?
expect z.npy "needs 8000128 bytes, $expect_free are free"

# what was there stays when its successor doesn't fit
printf '1,2\n' >small/b.csv
kept=b.csv
error=$("$tool" many.csv small/b.csv 100 4 2>&1) && status=0 || status=$?
expect b.csv "no space for small/b.csv"
test "$(cat small/b.csv)" = 1,2 || fail "b.csv has changed"

# no room for another name either
printf '%s\n' full | cat - /dev/zero 2>/dev/null | dd of=small/c bs=4096 \
    2>/dev/null
kept="b.csv
c"
printf '1,2\n' >one.csv
error=$("$tool" one.csv small/d.csv 1 1 2>&1) && status=0 || status=$?
expect d.csv "no space for small/d.csv" "0 are free"
exit $failed
