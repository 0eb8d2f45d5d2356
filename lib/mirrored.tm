# A symmetric matrix, of whose tiles those above the diagonal are not read: they
# are copies of those below.
function C = mirrored(A)
  b = tile_rows(A)
  B = retile(A, b, b)
  matrix C(rows(A), rows(A)) is symmetric tile b, b
  for j in 0..trows(C)
    C[j,j] = B[j,j]
    for i in j+1..trows(C)
      C[i,j] = B[i,j]
      C[j,i] = C[i,j]'
    end
  end
end
