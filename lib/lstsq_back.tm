# R x = b, upper triangular, in R's tiles: no zeros on its diagonal.
function x = lstsq_back(R, b)
  if cols(R) > 0
    i = argmin_cols(abs(diag(R)))
    assert(min(abs(diag(R))) != 0, "column", i, "of the matrix depends on those before it: pinv(A) * y gives the solution of least norm")
  end
  x = b
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
