# Right-looking tile Cholesky: A = L*L' for a symmetric positive definite A.
param n = 1000
tile 128
A = spd(n)
function L = chol_tiles(A is spd)
  t = trows(A)
  L = tril(A)  # logical copy: no bytes move
  for k in 0..t
    L[k,k] = potrf(L[k,k])
    for i in k+1..t
      L[i,k] = trsm(L[k,k], L[i,k], side="right", trans=true)
    end
    for i in k+1..t
      L[i,i] -= L[i,k] * L[i,k]'  # becomes syrk: half the work
      for j in k+1..i
        L[i,j] -= L[i,k] * L[j,k]'  # becomes gemm with a transpose
      end
    end
  end
end
L = chol_tiles(A)
residual = norm(A - L * L') / (n * eps * norm(A))
print("residual", residual, "of size, epsilon and norm; it should be below 50")
assert(residual < 50, "the factor is bad")
output L
