# The same of a square matrix in one tile, U and V in tiles of b x b.  A small
# one is one task; a larger one is brought to bidiagonal form, whose vectors
# are brought back some columns at a time.
function [U, s, V] = svd_square(K, b)
  n = rows(K)
  e = max(n, 1)
  matrix s(n, 1) tile e, 1
  matrix U(n, n) tile b, b
  matrix V(n, n) tile b, b
  if n < 256
    matrix W(n, n) tile e, e
    matrix Z(n, n) tile e, e
    for k in 0..trows(K)
      [W[k,k], s[k,0], Z[k,k]] = gesdd(K[k,k])
    end
    X = retile(W, b, b)
    Y = retile(Z, b, b)
    for j in 0..tcols(U)
      for i in 0..trows(U)
        U[i,j] = X[i,j]
        V[i,j] = Y[i,j]
      end
    end
  else
    c = reflections(n)
    matrix Q(n, c) tile n, c
    matrix P(n, c) tile n, c
    matrix D(n, 3) tile n, 3
    matrix F(n, n) tile n, n
    matrix G(n, n) tile n, n
    [Q[0,0], D[0,0], P[0,0]] = gebrd(K[0,0])
    [F[0,0], s[0,0], G[0,0]] = bdsdc(D[0,0])
    X = retile(unmtr_strips(Q, F), b, b)
    Y = retile(unmtr_strips(P, G), b, b)
    for j in 0..tcols(U)
      for i in 0..trows(U)
        U[i,j] = X[i,j]
        V[i,j] = Y[i,j]
      end
    end
  end
end
