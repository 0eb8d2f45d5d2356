# The eigenvalues of a symmetric A alone, ascending: w = eig(A).
function w = eig_values(A)
  K = eig_tile(A)
  e = max(rows(A), 1)
  matrix W(rows(A), 1) tile e, 1
  for k in 0..trows(K)
    W[k,0] = heevd_values(K[k,k])
  end
  w = retile(W, tile_rows(A), 1)
end
