# The Kronecker product: blocks A(i, j) * B, in tiles of the edges of A.
function C = kron(A, B)
  m = max(rows(B), 1)
  n = max(cols(B), 1)
  X = retile(A, 1, 1)
  Y = retile(B, m, n)
  matrix K(rows(A) * rows(B), cols(A) * cols(B)) tile m, n
  for j in 0..tcols(K)
    for i in 0..trows(K)
      K[i,j] = X[i,j] * Y[0,0]
    end
  end
  C = retile(K, tile_rows(A), tile_cols(A))
end
