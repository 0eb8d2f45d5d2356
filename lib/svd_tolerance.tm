# Singular values up to this may be nothing but rounding: max(m, n) * eps * the
# largest.
function t = svd_tolerance(A, s)
  t = max(rows(A), cols(A)) * roundoff() * sum(s(0..min(1, rows(s))))
end
