# The pseudo-inverse: singular values up to tol are taken as 0.
function X = pinv(A, tol = -1)
  [U, s, V] = svd(A)
  t = tol
  if tol < 0
    t = svd_tolerance(A, s)
  end
  r = as_met(select(s > t, 1 ./ s, 0))
  X = (V .* r') * U'
end
