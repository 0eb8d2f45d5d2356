# Usage: run-test.sh TEST.sh | TEST.tm, in the environment of environment.sh
#
# Runs one test in an empty folder of its own that is removed afterwards.
#
# A .sh test passes with status 0 and is skipped with 77.  Files that lie
# beside it are found under $srcdir.
#
# A .tm test is golden: its first comment says what to run, its last what
# comes out, standard output and error together.
#
#   # run: tmrun {} --tile 3        {} is the test's name; a line without it
#   # status: 1                     gets it appended.  Several run lines run
#   ...                             one after the other; the status (0 if
#   # expect                        none is given) is the last one's.
#   # every entry is 800
#
# A run line is shell: "tmc {} -o a.plan && tmrun a.plan".  Other files of
# the test's folder (data, folders) can be read under their names.  UPDATE=1
# rewrites status and expectation instead of comparing.
set -u

test_file=$1
case $test_file in
/*) ;;
*) test_file=$PWD/$test_file ;;
esac
name=${test_file##*/}
folder=$(cd "${test_file%/*}" && pwd) || exit 99
scratch=$builddir/tests/scratch/${folder##*/}-$name.$$
mkdir -p "$scratch" && cd "$scratch" || exit 99
trap 'cd / && chmod -R u+rwX "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 99' INT TERM HUP
limit="timeout -k 10 ${TM_TIMEOUT:-900}"

# The run lines' output; the status is that of the last one that ran.
run_lines() {
    sed -n 's/^# run: *//p' "$test_file" | {
        status=0
        while read -r line; do
            test $status = 0 || { echo "status $status"; break; }
            case $line in
            *'{}'*) line=$(printf '%s\n' "$line" | sed "s/{}/$name/g") ;;
            *) line="$line $name" ;;
            esac
            echo "+ $line" >&3
            TM_LINE=$line $limit sh -c '
                tmc() { "$TMC" "$@"; }
                tmrun() { "$TMRUN" "$@"; }
                eval "$TM_LINE"' </dev/null 2>&1
            status=$?
        done
        exit $status
    }
}

# The test's text up to "# expect", with the status it had, and its output.
rewrite() {
    awk -v status="$1" '
        /^# status:/ { next }
        /^# expect$/ { exit }
        { line[++n] = $0 }
        /^# run:/ { last = n }
        END {
            while (n && line[n] == "")
                n--
            for (k = 1; k <= n; k++) {
                print line[k]
                if (k == last && status != 0)
                    print "# status: " status
            }
            print "\n# expect"
        }' "$test_file"
    sed -e 's/^/# /' -e 's/^# $/#/' "$2"
}

golden() {
    for file in "$folder"/* ; do
        case $file in
        *.tm | *.sh | *.log | *.trs | "$folder/*") ;;
        *) ln -s "$file" . ;;
        esac
    done
    cp "$test_file" "$name"
    got=../${scratch##*/}.got
    want=../${scratch##*/}.want
    trap 'cd / && rm -rf "$scratch" "$scratch.got" "$scratch.want"' EXIT
    if ! grep -q '^# run: ' "$test_file"; then
        echo "$name: no line '# run: ...'"
        return 99
    fi
    run_lines 3>&1 >"$got"
    status=$?
    if test "${UPDATE:-}" = 1; then
        rewrite $status "$got" >"$want" && cat "$want" >"$test_file"
        return
    fi
    sed -e '1,/^# expect$/d' -e 's/^# \{0,1\}//' "$test_file" >"$want"
    expected=$(sed -n 's/^# status: *//p' "$test_file")
    result=0
    diff -u "$want" "$got" || result=1
    if test "$status" != "${expected:-0}"; then
        echo "$name: exit status $status, not ${expected:-0}"
        result=1
    fi
    return $result
}

case $name in
*.tm) golden ;;
*) $limit bash "$test_file" </dev/null ;;
esac
