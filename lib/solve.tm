# X = A \ B: A X = B by what the compiler knows of A; least squares where A has
# more rows than columns, the X of least norm where it has fewer.
function X = solve(A, B)
  b = tile_rows(A)
  if A is diagonal
    X = retile(B, b, tile_cols(B))
    d = retile(diag(A), b, 1)
    if rows(A) > 0
      i = argmin_cols(abs(d))
      assert(min(abs(d)) != 0, "the diagonal matrix is singular: pivot", i, "is 0")
    end
    for j in 0..tcols(X)
      for i in 0..trows(X)
        X[i,j] = X[i,j] ./ d[i,0]
      end
    end
  elseif A is lower
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
  elseif A is symmetric
    X = solve_symmetric(A, B)
  elseif rows(A) == cols(A)
    X = solve_lu(A, B)
  elseif rows(A) > cols(A)
    X = retile(lstsq(A, B), b, tile_cols(B))
  else
    X = retile(least_norm(A, B), b, tile_cols(B))
  end
end
