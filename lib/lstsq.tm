# The x of least norm(A * x - y), column by column of y, for A of full column
# rank: R x = Q' y.  Q is applied, never formed.  Then, for few right sides and
# not too large an A, one step of refinement.
function x = lstsq(A, y, refine = numel(A) <= 2^20 && 16 * cols(y) <= cols(A) + 15)
  assert(rows(A) >= cols(A), "lstsq wants at least as many rows as columns")
  assert(rows(A) == rows(y), "lstsq wants as many rows in y as in A")
  e = max(min(tile_cols(A), cols(A)), 1)
  if tile_cols(A) >= cols(A)
    h = max(tile_rows(A), e)
    B = retile(A, h, e)
    [V, T, U, S, R] = qr_tree(B)
    qty = qr_tree_qt(V, T, U, S, y)
    x = lstsq_back(R, qty)
    if refine
      [f, z] = lstsq_residuals(B, y, x)
      x = lstsq_refine(R, x, z, qr_tree_qt(V, T, U, S, f))
    end
  else
    C = retile(A, e, e)
    [F, G, P] = qr_flat(C)
    x = lstsq_back(P, qr_flat_qt(F, G, y))
    if refine
      [f, z] = lstsq_residuals(C, y, x)
      x = lstsq_refine(P, x, z, qr_flat_qt(F, G, f))
    end
  end
end
