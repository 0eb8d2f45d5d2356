# Products that update one tile one after another are run in one piece: the
# same bits as one by one, which is how they run where memory is short.
failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}

cat >a.tm <<'TM'
A = rand(300, 400)
B = randn(400, 200)
matrix C(300, 200)
for i in 0..trows(A)
  for j in 0..tcols(B)
    for k in 0..tcols(A)
      C[i,j] -= A[i,k] * B[k,j]
    end
  end
end
D = A * B
E = A' * (D * B')
S = A * A'
output C, D, E, S
TM
run() {
    "$TMRUN" -q a.tm --tile=20 "$@" >log 2>&1 ||
        fail "$* ends with $?: $(cat log)"
    cat C.npy D.npy E.npy S.npy
    rm -f C.npy D.npy E.npy S.npy
}
mkdir spill
run --threads=1 >one
test -s one || fail "no results"
for options in --threads=2 --threads=5 --workers=2 --workers=3 \
    "--memory=5M --spill=spill" "--memory=5M --spill=spill --threads=1"; do
    run $options >other
    cmp one other || fail "other bits with $options"
done

# Each product is still a task of its own.
want=$("$TMC" --emit=tasks --tile=20 a.tm | grep -c '^[0-9]*: ')
"$TMRUN" -v --tile=20 a.tm >log 2>&1
grep -q "tmrun: $want tasks," log || fail "not $want tasks: $(cat log)"
exit $failed
