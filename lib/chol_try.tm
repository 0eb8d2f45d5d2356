# chol(A) where the run is not to end for want of a factor: tiles that fail are
# counted, and L is of no use unless there are none.
function [L, failures] = chol_try(A)
  L = tril(A)
  t = trows(L)
  matrix F(max(t, 1), 1) tile 1, 1
  for k in 0..t
    [L[k,k], F[k,0]] = potrf_try(L[k,k])
    for i in k+1..t
      L[i,k] = L[i,k] / L[k,k]'
    end
    for i in k+1..t
      L[i,i] -= L[i,k] * L[i,k]'
      for j in k+1..i
        L[i,j] -= L[i,k] * L[j,k]'
      end
    end
  end
  failures = sum(real(F))
end
