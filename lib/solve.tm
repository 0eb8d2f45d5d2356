# X = A \ B: A X = B for a square A, by what the compiler knows of A.
# TODO: rows(A) > cols(A), least squares (lstsq), goes here;
# shape.c then lets such an A pass.
function X = solve(A, B)
  b = tile_rows(A)
  if A is lower
    T = retile(A, b, b)
    X = retile(B, b, tile_cols(B))
    for k in 0..trows(T)
      for j in 0..tcols(X)
        X[k,j] = T[k,k] \ X[k,j]
        for i in k+1..trows(T)
          X[i,j] -= T[i,k] * X[k,j]
        end
      end
    end
  elseif A is upper
    T = retile(A, b, b)
    X = retile(B, b, tile_cols(B))
    for q in 0..trows(T)
      k = trows(T) - 1 - q
      for j in 0..tcols(X)
        X[k,j] = T[k,k] \ X[k,j]
        for i in 0..k
          X[i,j] -= T[i,k] * X[k,j]
        end
      end
    end
  elseif A is spd
    L = chol(A)
    Y = L \ B
    X = L' \ Y
  else
    [F, w] = lu_packed(A)
    t = trows(F)
    X = retile(B, b, tile_cols(B))
    for k in 0..t
      for j in 0..tcols(X)
        X[k..t,j] = laswp(X[k..t,j], w[k,0])
      end
    end
    for k in 0..t
      for j in 0..tcols(X)
        X[k,j] = trsm(F[k,k], X[k,j], unit=true)
        for i in k+1..t
          X[i,j] -= F[i,k] * X[k,j]
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
end
