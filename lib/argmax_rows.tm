# The column of the first largest entry of each row (of the first NaN where
# there is one), by a tree of fixed shape over its tiles.
function s = argmax_rows(A)
  t = tcols(A)
  assert(rows(A) == 0 || t > 0, "argmax_rows of a matrix without columns")
  matrix P(rows(A), max(t, 1)) tile tile_rows(A), 1
  matrix K(rows(A), max(t, 1)) tile tile_rows(A), 1
  matrix s(rows(A), 1) tile tile_rows(A), tile_cols(A)
  for i in 0..trows(A)
    for j in 0..t
      P[i,j] = max_rows(A[i,j])
      K[i,j] = argmax_rows(A[i,j])
      K[i,j] += j * tile_cols(A)
    end
    for level in 0..ceil(log2(max(t, 1)))
      h = 2^level
      for j in 0..t-h step 2 * h
        K[i,j] = select(P[i,j+h] > P[i,j] || (P[i,j+h] != P[i,j+h] && P[i,j] == P[i,j]), K[i,j+h], K[i,j])
        P[i,j] = max(P[i,j], P[i,j+h])
      end
    end
    s[i,0] = K[i,0]
  end
end
