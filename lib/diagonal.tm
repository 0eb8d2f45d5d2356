# The diagonal of a matrix, a column.
function d = diagonal(A)
  n = min(rows(A), cols(A))
  b = tile_rows(A)
  B = retile(A, b, b)
  C = slice(B, 0, 0, n, n)
  matrix d(n, 1) tile b, b
  for i in 0..trows(d)
    d[i,0] = diag(C[i,i])
  end
end
