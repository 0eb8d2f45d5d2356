# QR of square tiles: column after column of tiles, the diagonal tile's
# triangle takes in one tile below it after the other.  48 reflections at a time:
# the work for T grows with their number, larger products are faster.
function [V, T, R] = qr_flat(A)
  e = tile_cols(A)
  w = min(e, 48)
  V = A
  t = trows(V)
  u = tcols(V)
  matrix T(t * w, cols(A)) tile w, e
  matrix R(cols(A), cols(A)) is upper tile e, e
  for k in 0..u
    [V[k,k], R[k,k], T[k,k]] = geqrt(V[k,k])
    for j in k+1..u
      V[k,j] = unmqr(V[k,k], T[k,k], V[k,j], trans=true)
    end
    for i in k+1..t
      [V[i,k], R[k,k], T[i,k]] = tsqrt(R[k,k], V[i,k])
      for j in k+1..u
        [V[k,j], V[i,j]] = tsmqr(V[i,k], T[i,k], V[k,j], V[i,j], trans=true)
      end
    end
    for j in k+1..u
      R[k,j] = V[k,j]
    end
  end
end

# The first columns of Q.
function Q = qr_flat_q(V, T)
  e = tile_cols(V)
  t = trows(V)
  u = tcols(V)
  Q = retile(eye(rows(V), cols(V)), e, e)
  for d in 0..u
    k = u - 1 - d
    for b in 0..t-k-1
      i = t - 1 - b
      for j in k..u
        [Q[k,j], Q[i,j]] = tsmqr(V[i,k], T[i,k], Q[k,j], Q[i,j])
      end
    end
    for j in k..u
      Q[k,j] = unmqr(V[k,k], T[k,k], Q[k,j])
    end
  end
end

# The first rows of Q' Y.
function X = qr_flat_qt(V, T, Y)
  e = tile_cols(V)
  C = retile(Y, e, tile_cols(Y))
  matrix X(cols(V), cols(Y)) tile e, tile_cols(Y)
  for k in 0..tcols(V)
    for j in 0..tcols(C)
      C[k,j] = unmqr(V[k,k], T[k,k], C[k,j], trans=true)
      for i in k+1..trows(V)
        [C[k,j], C[i,j]] = tsmqr(V[i,k], T[i,k], C[k,j], C[i,j], trans=true)
      end
      m = min(e, cols(V) - k * e)
      n = min(tile_cols(Y), cols(Y) - j * tile_cols(Y))
      X[k,j] = copy(X[k,j], C[k,j], 0, 0, 0, 0, m, n)
    end
  end
end
