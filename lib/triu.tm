# The upper triangle.
function U = triu(A)
  B = retile(A, tile_rows(A), tile_rows(A))
  matrix U(rows(B), cols(B)) is upper tile tile_rows(B), tile_cols(B)
  for j in 0..tcols(B)
    for i in 0..min(j, trows(B))
      U[i,j] = B[i,j]
    end
    if j < trows(B)
      U[j,j] = triu(B[j,j])
    end
  end
end
