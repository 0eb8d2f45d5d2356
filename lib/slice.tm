# Part of a matrix: the m x n entries from (r, c) on, in tiles of the same
# edges.  A tile that lies on one of A changes hands; else one copy for each
# tile of A that it touches.
function B = slice(A, r, c, m, n)
  a = tile_rows(A)
  b = tile_cols(A)
  matrix B(m, n) tile a, b
  for j in 0..tcols(B)
    for i in 0..trows(B)
      for q in floor((c + j * b) / b)..ceildiv(c + min(j * b + b, n), b)
        for p in floor((r + i * a) / a)..ceildiv(r + min(i * a + a, m), a)
          top = max(r + i * a, p * a)
          left = max(c + j * b, q * b)
          h = min(r + min(i * a + a, m), p * a + a) - top
          w = min(c + min(j * b + b, n), q * b + b) - left
          all = h == min(a, m - i * a) && w == min(b, n - j * b)
          if all && h == min(a, rows(A) - p * a) && w == min(b, cols(A) - q * b)
            B[i,j] = A[p,q]
          else
            B[i,j] = copy(B[i,j], A[p,q], top - r - i * a, left - c - j * b, top - p * a, left - q * b, h, w)
          end
        end
      end
    end
  end
end
