# Plans read by a second reader, in Python, written from docs/plan-format.md:
# it prints the same tables and unfolds the same tasks as tmc.
PYTHON=${PYTHON:-$(command -v python3)} || exit 77
test -n "$PYTHON" || exit 77
reader=$srcdir/tests/num/plan_reader.py
plans=0 unfolded=0 status=0

# same FORM SCRIPT [TMC OPTION ...] -- [READER ARGUMENT ...]
same() {
    form=$1 script=$2
    shift 2
    options=()
    while test "$1" != --; do
        options+=("$1")
        shift
    done
    shift
    "$TMC" --emit="$form" "${options[@]}" "$script" >want 2>/dev/null ||
        return 1
    "$PYTHON" "$reader" "$form" a.plan "$@" >got 2>&1
    diff want got >difference && return
    echo "$script: --emit=$form differs"
    head -n 5 difference
    status=1
}

for script in "$srcdir"/{examples,tests/programs,tests/lang,tests/dump}/*.tm
do
    "$TMC" "$script" -o a.plan 2>/dev/null || continue
    same plan "$script" -- && plans=$((plans + 1))
    same tasks "$script" -- && unfolded=$((unfolded + 1))
done

# Parameters and sizes of inputs that are set when the plan is bound.
"$TMC" "$srcdir/examples/multiply.tm" -o a.plan
same tasks "$srcdir/examples/multiply.tm" -D n=130 -- n=130
same tasks "$srcdir/examples/multiply.tm" -D n=0 -- n=0
"$TMC" "$srcdir/tests/programs/02_gemm_matrix.tm" -o a.plan --tile 3
same tasks "$srcdir/tests/programs/02_gemm_matrix.tm" --tile 3 -D m=5 -D k=7 \
    -D n=4 -- A=5x7 B=7x4 x=4x1

# A damaged plan is refused.
printf 'X' | dd of=a.plan bs=1 seek=100 conv=notrunc 2>/dev/null
"$PYTHON" "$reader" plan a.plan 2>/dev/null && status=1

echo "$plans plans read, $unfolded unfolded"
test $plans -gt 5 && test $unfolded -gt 3 && exit $status
