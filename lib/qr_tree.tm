# QR of one column of tiles: of each tile by itself (V, T), then of their
# triangles in pairs (U, S), in a tree of fixed shape.
function [V, T, U, S, R] = qr_tree(A)
  e = tile_cols(A)
  w = min(e, 48)  # reflections at a time, as in qr_flat
  V = A
  t = trows(V)
  matrix T(t * w, cols(A)) tile w, e
  matrix U(t * e, cols(A)) tile e, e
  matrix S(t * w, cols(A)) tile w, e
  matrix W(t * e, cols(A)) tile e, e
  matrix R(cols(A), cols(A)) is upper tile e, e
  for k in 0..tcols(V)
    for i in 0..t
      [V[i,k], W[i,k], T[i,k]] = geqrt(V[i,k])
    end
    for level in 0..ceil(log2(max(t, 1)))
      h = 2^level
      for i in 0..t-h step 2 * h
        [U[i+h,k], W[i,k], S[i+h,k]] = tsqrt(W[i,k], W[i+h,k])
      end
    end
    R[0,k] = W[0,k]
  end
end

# The first columns of Q.  G[i,0] is what tile i's own Q is applied to.
function Q = qr_tree_q(V, T, U, S)
  e = tile_cols(V)
  t = trows(V)
  r = tile_rows(V)
  G = retile(eye(t * e, cols(V)), e, e)
  matrix Q(rows(V), cols(V)) tile r, e
  for k in 0..tcols(V)
    levels = ceil(log2(max(t, 1)))
    for level in 0..levels
      h = 2^(levels - 1 - level)
      for i in 0..t-h step 2 * h
        [G[i,k], G[i+h,k]] = tsmqr(U[i+h,k], S[i+h,k], G[i,k], G[i+h,k])
      end
    end
    for i in 0..t
      m = min(min(r, rows(V) - i * r), e)
      Q[i,k] = copy(Q[i,k], G[i,k], 0, 0, 0, 0, m, e)
      Q[i,k] = unmqr(V[i,k], T[i,k], Q[i,k])
    end
  end
end

# The first rows of Q' Y.
function X = qr_tree_qt(V, T, U, S, Y)
  e = tile_cols(V)
  r = tile_rows(V)
  c = tile_cols(Y)
  C = retile(Y, r, c)
  t = trows(V)
  matrix W(t * e, cols(Y)) tile e, c
  matrix X(cols(V), cols(Y)) tile e, c
  for k in 0..tcols(V)
    for j in 0..tcols(C)
      n = min(c, cols(Y) - j * c)
      for i in 0..t
        C[i,j] = unmqr(V[i,k], T[i,k], C[i,j], trans=true)
        m = min(min(r, rows(V) - i * r), e)
        W[i,j] = copy(W[i,j], C[i,j], 0, 0, 0, 0, m, n)
      end
      for level in 0..ceil(log2(max(t, 1)))
        h = 2^level
        for i in 0..t-h step 2 * h
          [W[i,j], W[i+h,j]] = tsmqr(U[i+h,k], S[i+h,k], W[i,j], W[i+h,j], trans=true)
        end
      end
      X[k,j] = W[0,j]
    end
  end
end
