# The matrix with the column v on its diagonal; tiles beside it stay unwritten:
# zero.
function D = diag(v)
  n = rows(v)
  b = tile_rows(v)
  E = retile(eye(n), b, b)
  matrix D(n, n) is diagonal tile b, b
  for i in 0..trows(D)
    D[i,i] = select(E[i,i], v[i,0], 0)
  end
end
