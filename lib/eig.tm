# A = V * diag(w) * V' of a symmetric A, w ascending.  A small one is one tile
# and one task.  A larger one is brought to tridiagonal form, whose vectors are
# brought back some columns at a time.
function [w, V] = eig(A)
  b = tile_rows(A)
  K = eig_tile(A)
  n = rows(A)
  e = max(n, 1)
  matrix W(n, 1) tile e, 1
  matrix V(n, n) tile b, b
  if n < 256
    matrix X(n, n) tile e, e
    for k in 0..trows(K)
      [X[k,k], W[k,0]] = heevd(K[k,k])
    end
    Y = retile(X, b, b)
    for j in 0..tcols(V)
      for i in 0..trows(V)
        V[i,j] = Y[i,j]
      end
    end
  else
    c = reflections(n)
    matrix Q(n, c) tile n, c
    matrix D(n, 3) tile n, 3
    matrix Z(n, n) tile n, n
    [Q[0,0], D[0,0]] = hetrd(K[0,0])
    [Z[0,0], W[0,0]] = stedc(D[0,0])
    Y = retile(unmtr_strips(Q, Z), b, b)
    for j in 0..tcols(V)
      for i in 0..trows(V)
        V[i,j] = Y[i,j]
      end
    end
  end
  w = retile(W, b, 1)
end
