# A = Q * R, Q with orthonormal columns, R upper triangular.  The factors are
# reflectors V and T of each tile; Q is made of them and the identity.
function [Q, R] = qr(A)
  assert(rows(A) >= cols(A), "qr wants at least as many rows as columns")
  e = max(min(tile_cols(A), cols(A)), 1)
  if tile_cols(A) >= cols(A)
    h = max(tile_rows(A), e)
    [V, T, U, S, R] = qr_tree(retile(A, h, e))
    Q = retile(qr_tree_q(V, T, U, S), tile_rows(A), e)
  else
    [F, G, R] = qr_flat(retile(A, e, e))
    Q = retile(qr_flat_q(F, G), tile_rows(A), e)
  end
end
