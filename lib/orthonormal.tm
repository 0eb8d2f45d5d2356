# X with columns that are nearly orthonormal, in one row of tiles: one step of
# Newton and Schulz, X + X * (I - X' * X) / 2, makes them so to rounding (A.
# Bjorck, C. Bowie, SIAM J. Numer. Anal. 8, 1971).
function Y = orthonormal(X)
  e = max(tile_cols(X), 1)
  I = retile(eye(min(e, cols(X))), e, e)
  matrix Y(rows(X), cols(X)) tile tile_rows(X), e
  matrix H(cols(X), cols(X)) tile e, e
  t = tcols(X)
  for j in 0..t
    n = min(e, cols(X) - j * e)
    H[j,j] = copy(H[j,j], I[0,0], 0, 0, 0, 0, n, n)
    H[j,j] = 0.5 * H[j,j] - 0.5 * X[0,j]' * X[0,j]
    for i in j+1..t
      H[i,j] = -0.5 * X[0,i]' * X[0,j]
    end
  end
  for j in 0..t
    Y[0,j] = X[0,j]
    for i in 0..j
      Y[0,j] += X[0,i] * H[j,i]'
    end
    for i in j..t
      Y[0,j] += X[0,i] * H[i,j]
    end
  end
end
