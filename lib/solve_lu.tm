# X = A \ B of a square A, by LU with partial pivoting.
function X = solve_lu(A, B)
  b = tile_rows(A)
  [F, w] = lu_packed(A)
  t = trows(F)
  Y = retile(B, b, tile_cols(B))
  matrix X(cols(A), cols(B)) tile b, tile_cols(B)
  for k in 0..t
    for j in 0..tcols(Y)
      Y[k..t,j] = laswp(Y[k..t,j], w[k,0])
    end
  end
  for k in 0..t
    for j in 0..tcols(X)
      X[k,j] = trsm(F[k,k], Y[k,j], unit=true)
      for i in k+1..t
        Y[i,j] -= F[i,k] * X[k,j]
      end
    end
  end
  for q in 0..t
    k = t - 1 - q
    for j in 0..tcols(X)
      X[k,j] = trsm(F[k,k], X[k,j], upper=true)
      for i in 0..k
        X[i,j] -= F[i,k] * X[k,j]
      end
    end
  end
end
