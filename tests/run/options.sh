# Command lines: help, versions, mistakes.
script=$srcdir/examples/multiply.tm
failed=0

# Usage: expect STATUS TEXT COMMAND... ; TEXT has to be in the output.
expect() {
    status=$1 text=$2
    shift 2
    output=$("$@" 2>&1 </dev/null)
    got=$?
    case $got:$output in
    "$status":*"$text"*) ;;
    *)
        echo "$*"
        echo "  status $got, not $status with '$text'; it said: $output"
        failed=1
        ;;
    esac
}

expect 0 'tmc (tilematrix) 0.' "$TMC" --version
expect 0 'tmrun (tilematrix) 0.' "$TMRUN" --version
expect 0 'BLIS' "$TMRUN" --version -v
expect 0 'BLIS' "$TMC" -v --version
expect 0 '--emit=FORM' "$TMC" --help
expect 0 'Exit status:' "$TMRUN" --help
for tool in "$TMC" "$TMRUN"; do
    expect 2 'no option --tiel; did you mean --tile?' "$tool" --tiel=3 x.tm
    expect 2 'no option --zzzzzzz' "$tool" --zzzzzzz x.tm
    expect 2 'no option -j' "$tool" -j x.tm
    expect 2 '--tile needs a value' "$tool" x.tm --tile
    expect 2 '--help takes no value' "$tool" --help=3
    expect 2 'could be --ver' "$tool" --ver
    for tile in 0 -3 x 3x 3x0 99999999999999999999 3x3x3 ''; do
        expect 2 "not '$tile'" "$tool" "--tile=$tile" x.tm
    done
    for define in n =3 3n=4 '' 'n m=4'; do
        expect 2 "--define takes NAME=VALUE, not '$define'" \
            "$tool" -D "$define" x.tm
    done
    expect 2 'no warning unsued; did you mean unused?' "$tool" -Wno-unsued x.tm
    expect 2 'there are all' "$tool" -Wno-qqqqqqqq x.tm
    expect 2 'syntax is an error, no warning' "$tool" --warning=no-syntax x.tm
    expect 2 'is given' "$tool"
    expect 6 'cannot read missing.tm' "$tool" missing.tm
    expect 6 'cannot read ' "$tool" .
done
expect 2 'one script' "$TMC" a.tm b.tm
expect 2 'needs -o' "$TMC" -
expect 2 'no --output' "$TMC" --check -o a "$script"
expect 2 '' "$TMC" --emit=nonsense "$script"
expect 2 'nosuch' "$TMC" -D nosuch=3 "$script"
expect 2 '--threads takes' "$TMRUN" --threads 0 "$script"
expect 2 '--seed takes' "$TMRUN" --seed=-1 "$script"
expect 2 'not NAME=FILE: C.npy' "$TMRUN" "$script" C.npy
expect 2 'D' "$TMRUN" "$script" D=d.npy
expect 2 'C' "$TMRUN" "$script" C=c.npy C=d.npy
expect 2 'nosuch' "$TMRUN" "$script" -D nosuch=3
expect 0 '' "$TMC" --check "$script"
test -z "$(ls)" || { echo "left behind:" *; failed=1; }

# A plan goes to the current folder, or to a pipe.
expect 0 '' "$TMC" "$script"
cmp multiply.plan <("$TMC" "$script" -o -) || failed=1
cmp multiply.plan <("$TMC" - -o - <"$script") && failed=1 # another name
expect 0 'is 800' bash -c '"$0" "$1" -o - | "$2" - --quiet' \
    "$TMC" "$script" "$TMRUN"
expect 0 'is 800' bash -c '"$0" - <"$1"' "$TMRUN" "$script"
expect 3 'tmrun: error: ' "$TMRUN" <(head -c 100 multiply.plan)
head -c 100 multiply.plan >cut.plan
expect 3 'cut.plan' "$TMRUN" cut.plan

# Warnings of a script that tmrun compiles, and of none that it does not.
printf 'sum(ones(2, 2))\nprint("x")\n' >warns.tm
expect 0 '[unused]' "$TMRUN" warns.tm
expect 1 '[unused]' "$TMRUN" -Werror warns.tm
test "$("$TMRUN" -Wno-unused --no-optimise warns.tm 2>&1)" = x || failed=1

# Nobody reads what is printed.
expect 6 'cannot write to standard output' \
    bash -c '"$0" "$1" >/dev/full' "$TMRUN" "$script"
exit $failed
