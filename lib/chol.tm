# Right-looking tile Cholesky: A = L * L' for a symmetric positive definite A,
# of which only the lower half is read.
function L = chol(A)
  L = tril(A)
  t = trows(L)
  for k in 0..t
    L[k,k] = chol(L[k,k])
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
end
