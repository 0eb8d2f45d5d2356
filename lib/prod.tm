# The product of all entries, by a tree of fixed shape over the tiles.
function s = prod(A)
  m = trows(A)
  t = m * tcols(A)
  matrix P(max(t, 1), 1) tile 1, 1
  if t == 0
    P[0,0] = 1
  end
  for j in 0..tcols(A)
    for i in 0..m
      P[i + j * m, 0] = prod(A[i,j])
    end
  end
  for level in 0..ceil(log2(max(t, 1)))
    h = 2^level
    for i in 0..t-h step 2 * h
      P[i,0] = P[i,0] * P[i+h,0]
    end
  end
  matrix s(1, 1)
  s[0,0] = P[0,0]
end
