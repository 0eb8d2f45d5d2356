# The seed program: C += A*B as a triple loop over tiles.
param n = 400                           # override:  tmc -D n=8192 gemm_tiles.tm
tile 100                                # default tile edge of this script
A = fill(n, n, 1.0)
B = fill(n, n, 2.0)
matrix C(n, n)                          # all zero until assigned
for i in 0..trows(A)
  for j in 0..tcols(B)
    for k in 0..tcols(A)
      C[i,j] = C[i,j] + A[i,k] * B[k,j]
    end
  end
end
output C
