# C = A * B where A or B is triangular: tiles that are zero are left out, and
# of those on the diagonal half is multiplied.
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
      if A is lower
        if rows(A) == cols(A) && low < high && high == i + 1
          C[i,j] = trmm(S[i,i], T[i,j])
          high = i
        end
      elseif A is upper
        if rows(A) == cols(A) && low < high && low == i
          C[i,j] = trmm(S[i,i], T[i,j], upper=true)
          low = i + 1
        end
      elseif B is lower
        if rows(B) == cols(B) && low == j
          C[i,j] = trmm(T[j,j], S[i,j], side="right")
          low = j + 1
        end
      else
        if rows(B) == cols(B) && high == j + 1
          C[i,j] = trmm(T[j,j], S[i,j], side="right", upper=true)
          high = j
        end
      end
      for k in low..high
        C[i,j] += S[i,k] * T[k,j]
      end
    end
  end
end
