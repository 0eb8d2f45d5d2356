# How far A is from a singular matrix: the largest singular value over the
# smallest; with p = 1 an estimate of norm(A, 1) * norm(inv(A), 1) from LU.
function k = cond(A, p = 2)
  assert(numel(A) > 0, "cond of an empty matrix")
  if p == 1
    a = norm_of(A, 1)
    k = select(a == 0, inf, a * inverse_norm(A))
  else
    assert(p == 2, "cond has p = 1 or 2, not", p)
    s = svd_values(A)
    least = s(rows(s) - 1)
    k = select(least > 0, s(0) / least, inf)
  end
end
