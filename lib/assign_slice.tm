# A with B in it from entry (r, c) on.  A tile of A that a tile of B covers
# changes hands; else one copy for each tile of B that it touches.
function A = assign_slice(A, B, r, c)
  a = tile_rows(A)
  b = tile_cols(A)
  s = tile_rows(B)
  t = tile_cols(B)
  for j in floor(c / b)..ceildiv(c + cols(B), b)
    for i in floor(r / a)..ceildiv(r + rows(B), a)
      for q in floor((max(j * b, c) - c) / t)..ceildiv(min(j * b + b - c, cols(B)), t)
        for p in floor((max(i * a, r) - r) / s)..ceildiv(min(i * a + a - r, rows(B)), s)
          top = max(i * a, r + p * s)
          left = max(j * b, c + q * t)
          h = r + min(min(i * a + a - r, p * s + s), rows(B)) - top
          w = c + min(min(j * b + b - c, q * t + t), cols(B)) - left
          all = h == min(a, rows(A) - i * a) && w == min(b, cols(A) - j * b)
          if all && h == min(s, rows(B) - p * s) && w == min(t, cols(B) - q * t)
            A[i,j] = B[p,q]
          else
            A[i,j] = copy(A[i,j], B[p,q], top - i * a, left - j * b, top - r - p * s, left - c - q * t, h, w)
          end
        end
      end
    end
  end
end
