# The x of least norm(A * x - y), column by column of y, for A of full column
# rank: R x = Q' y.  Q is applied, never formed.
function x = lstsq(A, y)
  assert(rows(A) >= cols(A), "lstsq wants at least as many rows as columns")
  assert(rows(A) == rows(y), "lstsq wants as many rows in y as in A")
  e = max(min(tile_cols(A), cols(A)), 1)
  if tile_cols(A) >= cols(A)
    h = max(tile_rows(A), e)
    [V, T, U, S, R] = qr_tree(retile(A, h, e))
    x = qr_tree_qt(V, T, U, S, y)
  else
    [F, G, R] = qr_flat(retile(A, e, e))
    x = qr_flat_qt(F, G, y)
  end
  if cols(A) > 0
    i = argmin_cols(abs(diag(R)))
    assert(min(abs(diag(R))) != 0, "column", i, "of the matrix depends on those before it: pinv(A) * y gives the solution of least norm")
  end
  for d in 0..trows(x)
    k = trows(x) - 1 - d
    for j in 0..tcols(x)
      x[k,j] = trsm(R[k,k], x[k,j], upper=true)
      for i in 0..k
        x[i,j] -= R[i,k] * x[k,j]
      end
    end
  end
end
