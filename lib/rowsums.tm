# The sum of each row, by a tree of fixed shape over the tiles of a row.
function s = rowsums(A)
  t = tcols(A)
  matrix P(rows(A), max(t, 1)) tile tile_rows(A), 1
  matrix s(rows(A), 1) tile tile_rows(A), tile_cols(A)
  for i in 0..trows(A)
    for j in 0..t
      P[i,j] = rowsums(A[i,j])
    end
    for level in 0..ceil(log2(max(t, 1)))
      h = 2^level
      for j in 0..t-h step 2 * h
        P[i,j] = P[i,j] + P[i,j+h]
      end
    end
    s[i,0] = P[i,0]
  end
end
