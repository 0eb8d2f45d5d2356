# The sum of the diagonal, by a tree of fixed shape over the diagonal tiles.
function s = trace(A)
  B = retile(A, tile_rows(A), tile_rows(A))
  t = trows(B)
  matrix P(max(t, 1), 1) tile 1, 1
  for i in 0..t
    P[i,0] = trace(B[i,i])
  end
  for level in 0..ceil(log2(max(t, 1)))
    h = 2^level
    for i in 0..t-h step 2 * h
      P[i,0] = P[i,0] + P[i+h,0]
    end
  end
  matrix s(1, 1)
  s[0,0] = P[0,0]
end
