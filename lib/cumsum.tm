# Sums of each column from its top on: of each tile for itself, then with
# what stands above it, from tile to tile.
function S = cumsum(A)
  matrix S(rows(A), cols(A)) tile tile_rows(A), tile_cols(A)
  matrix above(trows(A) + 1, cols(A)) tile 1, tile_cols(A)
  for j in 0..tcols(A)
    for i in 0..trows(A)
      S[i,j] = cumsum(A[i,j])
      S[i,j] = S[i,j] + above[i,j]
      above[i+1,j] = above[i,j] + rowsums(A[i,j]')'
    end
  end
end
