# Right-looking tile Cholesky.
tile 256
input A(n, n) is spd
function L = chol_tiles(A is spd)
  t = trows(A)
  L = tril(A)                              # logical copy: no bytes move
  for k in 0..t
    L[k,k] = potrf(L[k,k])
    for i in k+1..t
      L[i,k] = trsm(L[k,k], L[i,k], side="right", trans=true)
    end
    for i in k+1..t
      L[i,i] -= L[i,k] * L[i,k]'           # becomes syrk: half the work
      for j in k+1..i
        L[i,j] -= L[i,k] * L[j,k]'         # becomes gemm(N,T)
      end
    end
  end
end
L = chol_tiles(A)
assert(norm(A - L*L') <= 1e-12 * norm(A), "bad factor")
output L
