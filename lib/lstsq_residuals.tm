# Of A x = y, in twice the precision: r = y - A x rounded, then f, what r has
# lost by that, and z = A' r, which is 0 for the true x.
function [f, z] = lstsq_residuals(A, y, x)
  h = tile_rows(A)
  e = tile_cols(A)
  c = tile_cols(y)
  Y = retile(y, h, c)
  N = retile(zeros(rows(A), cols(y)), h, c)
  O = retile(zeros(cols(A), cols(y)), e, c)
  m = trows(A)
  n = tcols(A)
  matrix r(rows(A), cols(y)) tile h, c
  matrix f(rows(A), cols(y)) tile h, c
  matrix z(cols(A), cols(y)) tile e, c
  for j in 0..tcols(Y)
    for i in 0..m
      r[i,j] = residual(Y[i,j], N[i,j], A[i,0..n], x[0..n,j])
      f[i,j] = residual(Y[i,j], r[i,j], A[i,0..n], x[0..n,j])
    end
    for k in 0..n
      z[k,j] = residual(O[k,j], O[k,j], A[0..m,k]', r[0..m,j])
      z[k,j] = -z[k,j]
    end
  end
end
