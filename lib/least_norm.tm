# The X of least norm with A X = B, of an A of full row rank: A' = Q R, so
# X = Q (R' \ B).
function X = least_norm(A, B)
  assert(rows(A) <= cols(A), "least_norm wants at least as many columns as rows")
  [Q, R] = qr(A')
  if rows(A) > 0
    i = argmin_cols(abs(diag(R)))
    assert(min(abs(diag(R))) != 0, "row", i, "of the matrix depends on those before it: pinv(A) * b gives the least squares solution of least norm")
  end
  X = Q * (R' \ B)
end
