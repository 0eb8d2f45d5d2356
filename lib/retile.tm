# The same matrix in tiles of r x c.  Where the tiles are the same already
# (decided when sizes are bound) they change hands; else one copy for each
# tile of A that a tile of B touches.
function B = retile(A, r, c)
  matrix B(rows(A), cols(A)) tile r, c
  a = tile_rows(A)
  b = tile_cols(A)
  if a == r && b == c
    for j in 0..tcols(B)
      for i in 0..trows(B)
        B[i,j] = A[i,j]
      end
    end
  else
    for j in 0..tcols(B)
      for i in 0..trows(B)
        for q in floor(j * c / b)..ceildiv(min(j * c + c, cols(A)), b)
          for p in floor(i * r / a)..ceildiv(min(i * r + r, rows(A)), a)
            top = max(i * r, p * a)
            left = max(j * c, q * b)
            m = min(min(i * r + r, p * a + a), rows(A)) - top
            n = min(min(j * c + c, q * b + b), cols(A)) - left
            B[i,j] = copy(B[i,j], A[p,q], top - i * r, left - j * c, top - p * a, left - q * b, m, n)
          end
        end
      end
    end
  end
end
