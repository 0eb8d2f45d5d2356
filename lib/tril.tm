# The lower triangle.  Tiles below the diagonal change hands without bytes;
# those above stay unwritten: zero.
function L = tril(A)
  B = retile(A, tile_rows(A), tile_rows(A))
  matrix L(rows(B), cols(B)) is lower tile tile_rows(B), tile_cols(B)
  for j in 0..min(trows(B), tcols(B))
    L[j,j] = tril(B[j,j])
    for i in j+1..trows(B)
      L[i,j] = B[i,j]
    end
  end
end
