# A budget for tiles: the same lines and bits whatever it is, on threads and on
# worker processes, nothing left in the folder for what does not fit, and clear
# refusals.
failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}
mkdir spill

cat >gemm.tm <<'TM'
A = rand(130, 170)
B = randn(170, 90)
C = A * B + 0.5
D = (A' * C - 3 * B) .* B ./ (abs(B) + 1)
output C, D
TM
cat >cholesky.tm <<'TM'
A = spd(150)
L = chol(A)
x = A \ ones(150, 1)
print(norm(A - L * L'), norm(A * x - 1), trace(L))
output L, x
TM
cat >lu.tm <<'TM'
A = randn(140, 140)
[L, U, p] = lu(A)
X = A \ randn(140, 20)
output L, U, p, X
TM
cat >qr.tm <<'TM'
A = randn(300, 40)
[Q, R] = qr(A)
x = lstsq(A, ones(300, 1))
print(norm(A - Q * R), max(x))
output Q, R, x
TM
cat >loop.tm <<'TM'
A = spd(120)
b = A * ones(120, 1)
x = zeros(120, 1)
r = b - A * x
p = r
s = dot(r, r)
k = 0
while s > 1e-18 && k < 300
  q = A * p
  a = s / dot(p, q)
  x = x + a * p
  r = r - a * q
  t = dot(r, r)
  p = r + (t / s) * p
  s = t
  k = k + 1
end
print("turns", k, "error", max(abs(x - 1)))
output x
TM
cat >file.tm <<'TM'
input A(m, n)
input B(n, k)
S = A * B
print(sum(S), sum(A), norm(A' * A))
output S
TM
printf 'A = rand(160, 150)\nB = rand(150, 140)\noutput A, B\n' >make.tm
"$TMRUN" -q make.tm || exit 1
cp A.npy B.npy spill # to be read; not spilled tiles
kept=$(ls spill)

# What runs with so little memory was away at some time: a third of what the
# matrices need, and less than one of them.
for name in gemm cholesky lu qr loop file; do
    files=
    test $name = file && files="A=spill/A.npy B=spill/B.npy"
    outputs=$(sed -n 's/^output //p' $name.tm | tr -d ,)
    "$TMRUN" -q --tile 16 $name.tm $files >want || fail "$name runs not"
    sums=$(for x in $outputs; do cksum <$x.npy; done)
    for memory in 200K 90K; do
        for threads in 1 2 4; do
            "$TMRUN" -q --tile 16 --memory $memory --spill spill \
                --threads $threads $name.tm $files >out ||
                fail "$name in $memory with $threads threads"
            cmp -s want out || fail "$name in $memory prints $(cat out)"
            test "$sums" = "$(for x in $outputs; do cksum <$x.npy; done)" ||
                fail "$name in $memory with $threads threads: other bits"
            test "$(ls -A spill)" = "$kept" || fail "left: $(ls -A spill)"
        done
    done
    for workers in 2 3; do
        "$TMRUN" -q --tile 16 --memory 180K --spill spill \
            --workers $workers --threads 1 $name.tm $files >out ||
            fail "$name with $workers workers"
        cmp -s want out || fail "$name with $workers workers prints $(cat out)"
        test "$sums" = "$(for x in $outputs; do cksum <$x.npy; done)" ||
            fail "$name with $workers workers: other bits"
        test "$(ls -A spill)" = "$kept" || fail "left: $(ls -A spill)"
    done
done

# Without a folder, too, if what is made can be stored and forgotten: a result of
# three times the memory.
cat >product.tm <<'TM'
A = rand(200, 160)
B = rand(160, 200)
C = A * B
output C
TM
"$TMRUN" -q --tile 16 product.tm && sums=$(cksum <C.npy)
for options in --threads=1 --threads=2 --threads=4 "--workers=2 --threads=1"; do
    rm -f C.npy
    "$TMRUN" -q --tile 16 --memory 100K $options product.tm &&
        test "$sums" = "$(cksum <C.npy)" || fail "no folder, $options"
done

# Tasks' results were really away.
"$TMRUN" -q -v --tile 16 --memory 90K --spill spill lu.tm 2>totals
sed -n 's/^tmrun: \([0-9]*\) bytes of tiles were spilled, \([0-9]*\) .*/\1 \2/p' \
    totals | {
    read -r written read
    test "${written:-0}" -gt 90000 && test "${read:-0}" -gt 90000
} || fail "$(cat totals)"

# The process keeps to it too: 256 MB of tiles that are written and read again,
# in 24 MB and what a program needs besides.  Sanitizers need more.
cat >large.tm <<'TM'
A = rand(4000, 4000)
B = A + A'
C = B' .* B
print(sum(C))
output C
TM
if test -n "$PYTHON" && ! grep -q '__[at]san_init' "$builddir"/.libs/tmrun; then
    "$PYTHON" - "$TMRUN" <<'END' || fail "more memory than was allowed"
import resource, subprocess, sys

subprocess.run([sys.argv[1], "-q", "--tile", "256", "--memory", "24M",
                "--spill", "spill", "large.tm"], check=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print("peak", peak, "MiB")
sys.exit(peak > 24 + 64)
END
    rm -f C.npy
fi

# refused STATUS PATTERN ARGUMENT...: as an error of that text
refused() {
    want=$1 pattern=$2
    shift 2
    echo old >C.npy
    error=$("$TMRUN" -q "$@" 2>&1) && status=0 || status=$?
    test $status = "$want" || fail "$*: status $status: $error"
    case $error in
    *"$pattern"*) ;;
    *) fail "$*: not \"$pattern\" in: $error" ;;
    esac
    test "$(cat C.npy)" = old || fail "$*: an output has changed"
}
refused 5 "the memory of the run, 10240 bytes, is too small: this takes \
24576 bytes in tiles at once, 14336 more (tiles of 16 would do)" \
    --tile 32 --memory 10K gemm.tm
refused 5 "(nothing is spilled: no folder was given)" \
    --tile 16 --memory 90K gemm.tm
refused 5 "the memory of the run, 10240 bytes, is too small: this takes \
24576 bytes in tiles at once" --tile 32 --memory 20K --workers 2 gemm.tm
refused 5 "(nothing is spilled: no folder was given)" \
    --tile 16 --memory 60K --workers 2 gemm.tm
refused 6 "cannot spill to nowhere: No such file or directory" \
    --tile 16 --memory 90K --spill nowhere gemm.tm
refused 2 "a memory of 10Q: it is a size as in 384M, 8G or 60%, or auto" \
    --memory 10Q gemm.tm
refused 2 "a memory of -1" --memory=-1 gemm.tm
"$TMRUN" -q --tile 16 --memory 50% gemm.tm || fail "half of the memory"
"$TMRUN" -q --tile 16 --memory auto gemm.tm || fail "automatic memory"

# A full disk, in a file system of its own.
cat >full.sh <<'END'
mount -t tmpfs -o size=64k none spill || exit 77
echo old >C.npy
"$TMRUN" -q --tile 16 --memory 90K --spill spill gemm.tm 2>error
test $? = 5 && test "$(cat C.npy)" = old
END
for how in -m -rm; do
    unshare $how sh -c 'mount -t tmpfs none spill' 2>/dev/null || continue
    TMRUN=$TMRUN unshare $how sh full.sh || fail "full: $(cat error)"
    grep -q 'no room to spill to spill: 2048 bytes are needed, and 0 are free' \
        error || fail "full: $(cat error)"
    break
done
exit $failed
