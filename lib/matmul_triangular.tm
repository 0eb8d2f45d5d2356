# C = A * B where A or B is triangular: tiles that are zero are left out.
function C = matmul_triangular(A, B)
  b = tile_cols(A)
  S = A
  T = B
  if A is lower || A is upper
    S = retile(A, b, b)
  end
  if B is lower || B is upper
    T = retile(B, b, b)
  end
  matrix C(rows(A), cols(B)) tile tile_rows(S), tile_cols(T)
  for i in 0..trows(C)
    for j in 0..tcols(C)
      low = 0
      high = tcols(S)
      if A is lower
        high = min(high, i + 1)
      end
      if A is upper
        low = i
      end
      if B is lower
        low = max(low, j)
      end
      if B is upper
        high = min(high, j + 1)
      end
      for k in low..high
        C[i,j] += S[i,k] * T[k,j]
      end
    end
  end
end
