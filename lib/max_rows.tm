# The largest entry of each row, by a tree of fixed shape over its tiles.
function s = max_rows(A)
  t = tcols(A)
  assert(rows(A) == 0 || t > 0, "max_rows of a matrix without columns")
  matrix P(rows(A), max(t, 1)) tile tile_rows(A), 1
  matrix s(rows(A), 1) tile tile_rows(A), tile_cols(A)
  for i in 0..trows(A)
    for j in 0..t
      P[i,j] = max_rows(A[i,j])
    end
    for level in 0..ceil(log2(max(t, 1)))
      h = 2^level
      for j in 0..t-h step 2 * h
        P[i,j] = max(P[i,j], P[i,j+h])
      end
    end
    s[i,0] = P[i,0]
  end
end
