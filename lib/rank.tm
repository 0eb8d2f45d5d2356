# How many singular values are larger than tol.
function r = rank(A, tol = -1)
  s = svd_values(A)
  t = tol
  if tol < 0
    t = svd_tolerance(A, s)
  end
  r = sum(s > t)
end
