# One row for each entry of the column v: 1 at column v(i), 0 elsewhere.
function M = onehot(v, k)
  matrix M(rows(v), k) tile tile_rows(v), tile_rows(v)
  for j in 0..tcols(M)
    for i in 0..trows(M)
      M[i,j] = onehot(v[i,0], j * tile_cols(M))
    end
  end
end
