# The diagonal of a matrix, a column.
function d = diagonal(A)
  n = min(rows(A), cols(A))
  b = tile_rows(A)
  B = retile(A, b, b)
  C = slice(B, 0, 0, n, n)
  E = retile(eye(n), b, b)
  matrix d(n, 1) tile b, b
  for i in 0..trows(d)
    d[i,0] = rowsums(select(E[i,i], C[i,i], 0))
  end
end
