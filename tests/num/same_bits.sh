# One, two and four threads give the same bits, in TM_REPEAT repetitions (50
# for a full run): whatever the order in which tasks ran and buffers were used
# again.  Programs of many small tasks, so that orders differ.
repeat=${TM_REPEAT:-6}

cat >gemm.tm <<'TM'
tile 16, 24
A = rand(130, 170)
B = randn(170, 90, type=f64)
C = A * B + 0.5
D = (A' * C - 3 * B) .* B ./ (abs(B) + 1)
output C, D
TM
cat >cholesky.tm <<'TM'
tile 12
A = spd(150)
L = chol(A)
r = norm(A - L * L')
x = A * ones(150, 1)
for k in 0..trows(L)
  x[k,0] = L[k,k] \ x[k,0]
  for i in k+1..trows(L)
    x[i,0] -= L[i,k] * x[k,0]
  end
end
print(r, sum(x), max(x), min(x), trace(L))
output L, x
TM
cat >lu.tm <<'TM'
tile 16
A = randn(140, 140)
U = A
t = trows(U)
matrix p(140, 1)
for k in 0..t
  [U[k..t,k], p[k,0]] = getrf(U[k..t,k])
  for j in 0..t
    if j != k
      U[k..t,j] = laswp(U[k..t,j], p[k,0])
    end
  end
  for j in k+1..t
    U[k,j] = trsm(U[k,k], U[k,j], unit=true)
    for i in k+1..t
      U[i,j] -= U[i,k] * U[k,j]
    end
  end
end
output U, p
TM
cat >iterate.tm <<'TM'
tile 20
A = spd(120, type=f32)
x = ones(120, 1)
turns = 0
change = 1
while change > 1e-4 && turns < 40
  y = A * x
  y = y / norm(y)
  change = norm(y - x)
  x = y
  turns += 1
  print(turns, change)
end
B = retile(A, 7, 13)
C = retile(B', 11, 50) + tril(A) .* triu(A + 1)
output x, C
TM

cat >qr.tm <<'TM'
tile 16
A = randn(140, 90)
B = randn(300, 16)
[Q, R] = qr(A)
[P, S] = qr(B)
x = lstsq(A, rand(140, 20))
z = lstsq(B, rand(300, 3))
output Q, R, P, S, x, z
TM

# Everything that a run leaves, as one line of checksums.
run() {
    rm -f ./*.npy
    "$TMRUN" -q --threads "$1" "$2.tm" >out || exit
    sha256sum -- *.npy out | cut -c 1-16 | tr '\n' ' '
}

runs=0
for program in gemm cholesky lu qr iterate; do
    expected=$(run 1 $program) || exit 1
    for k in $(seq "$repeat"); do
        for threads in 1 2 4; do
            got=$(run $threads $program) || exit 1
            runs=$((runs + 1))
            if test "$got" != "$expected"; then
                echo "$program: other bits with $threads threads, run $k"
                exit 1
            fi
        done
    done
done
echo "$runs runs of 5 programs: the same bits"
