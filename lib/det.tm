# The determinant: the product of U's diagonal, with the sign of the swaps.
function s = det(A)
  [F, w] = lu_packed(A)
  n = rows(A)
  b = tile_rows(A)
  matrix s(1, 1)
  s[0,0] = 1
  for i in 0..n
    s[0,0] = s[0,0] * F(i, i)
  end
  # w may be of another element type: its parity comes here as a row swap
  matrix odd(1, 1)
  for i in 0..n
    odd[0,0] = mod(odd[0,0] + (w(i, 0) != mod(i, b)), 2)
  end
  S = retile([1; -1], 2, 1)
  S[0..1,0] = laswp(S[0..1,0], odd[0,0])
  s[0,0] = s[0,0] * S(0, 0)
end
