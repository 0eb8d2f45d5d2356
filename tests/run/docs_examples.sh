# Every example of README.md and docs/*.md does what the page says.
#
#   ```tm [WORDS]      a script, run by tmrun with these words behind it
#   ```text            what the block above it prints, errors included; a
#                      script without one prints nothing.  It fails if and
#                      only if its text has a line with "error: "
#   ```text --emit=F   what tmc prints of the last script, with these words
#   ```tm-syntax       a script that is only parsed
#   ```csv NAME        a file; mtx likewise
#
# The blocks of a page run in order, in one folder, as example.tm.
failed=0

fail() {
    echo "$1:$2: $3"
    failed=1
}

# compare PAGE LINE EXPECTED: with the output in docs_blocks/got
compare() {
    diff -u "$3" docs_blocks/got >docs_blocks/diff && return
    fail "$1" "$2" "not what the page says:"
    tail -n +3 docs_blocks/diff
}

# The last script has no text block behind it: it printed nothing.
no_text() {
    test -n "$pending" || return 0
    : >docs_blocks/empty
    compare "$page" "$pending" docs_blocks/empty
    test $status = 0 || fail "$page" "$pending" "exit status $status"
    pending=
}

# block NUMBER KIND LINE WORDS...
block() {
    file=$PWD/docs_blocks/page.$1 kind=$2 line=$3
    shift 3
    case $kind in
    tm)
        no_text
        cp "$file" example.tm
        "$TMRUN" example.tm "$@" >docs_blocks/got 2>&1 </dev/null
        status=$? pending=$line
        count=$((count + 1))
        ;;
    tm-syntax)
        no_text
        cp "$file" example.tm
        "$TMC" --emit=ast example.tm >docs_blocks/got 2>&1 ||
            fail "$page" "$line" "$(cat docs_blocks/got)"
        count=$((count + 1))
        ;;
    text)
        if test $# != 0; then
            no_text
            "$TMC" "$@" example.tm >docs_blocks/got 2>&1 </dev/null
            compare "$page" "$line" "$file"
        elif test -z "$pending"; then
            fail "$page" "$line" "a text block without a script"
        else
            compare "$page" "$line" "$file"
            wanted=0
            grep -q 'error: ' "$file" && wanted=1
            test "$((status != 0))" = $wanted ||
                fail "$page" "$line" "exit status $status"
            pending=
        fi
        ;;
    *)
        no_text
        cp "$file" "$1"
        ;;
    esac
}

for page in "$srcdir"/README.md "$srcdir"/docs/*.md; do
    folder=docs_run_$(basename "$page" .md)
    mkdir "$folder" "$folder/docs_blocks"
    cd "$folder" || exit 99
    awk -v out=docs_blocks/page -f "$srcdir/tests/docs_blocks.awk" "$page" \
        >list || failed=1
    pending= status=0 count=0
    while read -r -a words; do
        block "${words[@]}"
    done <list
    no_text
    echo "$(basename "$page"): $count examples"
    cd ..
done

# The tables of the reference name every row of compiler/ops.def and of
# base/diag.def, with its text.
reference=$srcdir/docs/language.md
listed() {
    grep -qF -- "$1" "$reference" || {
        echo "docs/language.md lacks the line: $1"
        failed=1
    }
}
while IFS= read -r row; do
    listed "$row"
done < <(sed -n 's/^OP([A-Z0-9_]*, "\([^"]*\)", *-*[0-9]*, .*, "\(.*\)")$/| `\1` | \2 |/p' \
    "$srcdir/compiler/ops.def" | sed -e 's/\\\\/\\/g' -e 's/`||`/`\\|\\|`/')
while IFS= read -r row; do
    listed "$row"
done < <(sed -n 's/^DIAG(\([a-z_]*\), [A-Z_]*, "\(.*\)")$/| `\1` | \2 |/p' \
    "$srcdir/base/diag.def")
exit $failed
