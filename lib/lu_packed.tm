# LU with partial pivoting, right-looking: each panel is a whole column of
# tiles from the diagonal down, so pivots are those of LAPACK.  F holds U and,
# below the diagonal, L, whose diagonal is ones; w[k,0] the row swaps of panel
# k, counted from its first row.
function [F, w] = lu_packed(A)
  b = tile_rows(A)
  q = min(rows(A), cols(A))
  F = retile(A, b, b)
  m = trows(F)
  matrix w(q, 1) tile b, 1
  matrix D(q, q) tile b, b  # L's tiles on the diagonal; F's may be wider
  for k in 0..trows(w)
    [F[k..m,k], w[k,0]] = getrf(F[k..m,k])
    s = min(b, q - k * b)
    D[k,k] = copy(D[k,k], F[k,k], 0, 0, 0, 0, s, s)
    for j in k+1..tcols(F)
      F[k..m,j] = laswp(F[k..m,j], w[k,0])
      F[k,j] = trsm(D[k,k], F[k,j], unit=true)
      for i in k+1..m
        F[i,j] -= F[i,k] * F[k,j]
      end
    end
  end
  for j in 0..trows(w)  # columns on the left take the later swaps last
    for k in j+1..trows(w)
      F[k..m,j] = laswp(F[k..m,j], w[k,0])
    end
  end
end
