# Each fuzz target on all of its kept corpus.
status=77
for corpus in "$srcdir"/tests/fuzz/corpus/*/; do
    name=$(basename "$corpus")
    program=$builddir/tests/fuzz/fuzz_$name
    test -x "$program" || continue
    find "$corpus" -type f -print0 | sort -z | xargs -0 -r "$program" || {
        echo "fuzz_$name fails on its corpus"
        exit 1
    }
    status=0
done
exit $status
