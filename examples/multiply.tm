# C = C + A*B as a triple loop over tiles: n x n matrices, tiles of 100 x 100.
# Try other sizes without compiling again: tmrun multiply.plan -D n=2000
param n = 400
tile 100
A = fill(n, n, 1.0)
B = fill(n, n, 2.0)
matrix C(n, n)  # all zero until assigned
for i in 0..trows(A)
  for j in 0..tcols(B)
    for k in 0..tcols(A)
      C[i,j] = C[i,j] + A[i,k] * B[k,j]
    end
  end
end
assert(min(C) == max(C), "the entries of C differ")
print("every entry of C is", max(C))
output C
