# Of a real column the same numbers in the type of what they meet, real or
# complex: a 1 x 1 tile is a number, and that meets any.
function d = as_met(s)
  R = retile(s, 1, 1)
  one = ones(1, 1)
  matrix D(rows(s), 1) tile 1, 1
  for k in 0..trows(R)
    D[k,0] = R[k,0] * one[0,0]
  end
  d = retile(D, tile_rows(s), 1)
end
