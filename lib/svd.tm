# A = U * diag(s) * V', thin, s descending.  A tall matrix (a wide one is
# transposed) becomes Q times a square triangle first.
function [U, s, V] = svd(A)
  b = tile_rows(A)
  B = svd_tall(A)
  m = rows(B)
  n = cols(B)
  e = max(n, 1)
  matrix K(n, n) tile e, e
  matrix P(m, n) tile b, b
  if m > n
    [Q, R] = qr(B)
    T = retile(R, e, e)
    for k in 0..trows(K)
      K[k,k] = T[k,k]
    end
  else
    G = retile(B, e, e)
    for k in 0..trows(K)
      K[k,k] = G[k,k]
    end
  end
  [W, S, Y] = svd_square(K, b)
  if m > n
    X = Q * W
    for j in 0..tcols(P)
      for i in 0..trows(P)
        P[i,j] = X[i,j]
      end
    end
  else
    for j in 0..tcols(P)
      for i in 0..trows(P)
        P[i,j] = W[i,j]
      end
    end
  end
  s = retile(S, b, 1)
  matrix U(rows(A), n) tile b, b
  matrix V(cols(A), n) tile b, b
  if rows(A) >= cols(A)
    for j in 0..tcols(U)
      for i in 0..trows(U)
        U[i,j] = P[i,j]
      end
      for i in 0..trows(V)
        V[i,j] = Y[i,j]
      end
    end
  else
    for j in 0..tcols(U)
      for i in 0..trows(U)
        U[i,j] = Y[i,j]
      end
      for i in 0..trows(V)
        V[i,j] = P[i,j]
      end
    end
  end
end
