# A reduction tree written by hand: the loop bound is not affine in the tile index.
param b = 512
input A(m, n) tile b, n                # one column of tiles
t = trows(A)
matrix R(t*n, n) tile n, n
for i in 0..t
  [_, R[i,0]] = geqrt(A[i,0])          # R is n x n; a tile of fewer rows gives zero rows below
end
for level in 0..ceil(log2(t))
  s = 2^level
  for i in 0..t step 2*s
    if i + s < t
      [_, R[i,0]] = tsqrt(R[i,0], R[i+s,0])
    end
  end
end
Rf = R[0,0]
output Rf
