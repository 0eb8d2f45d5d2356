# The entries of A, taken column by column, in a matrix of m x n: one copy for
# each part of a column of A and tile that a column of the result touches.
function B = reshape(A, m, n)
  assert(m * n == numel(A), "reshape keeps the number of entries:", rows(A), "x", cols(A), "to", m, "x", n)
  a = tile_rows(A)
  b = tile_cols(A)
  r = max(rows(A), 1)
  matrix B(m, n) tile a, b
  for j in 0..n
    for i in 0..trows(B)
      begin = j * m + i * a
      stop = j * m + min(i * a + a, m)
      for q in floor(begin / r)..ceildiv(stop, r)
        low = max(begin, q * r)
        high = min(stop, q * r + r)
        for p in floor((low - q * r) / a)..ceildiv(high - q * r, a)
          top = max(low, q * r + p * a)
          h = min(high, q * r + p * a + a) - top
          B[i, floor(j / b)] = copy(B[i, floor(j / b)], A[p, floor(q / b)], top - begin, mod(j, b), top - q * r - p * a, mod(q, b), h, 1)
        end
      end
    end
  end
end
