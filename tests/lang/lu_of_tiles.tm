# run: tmrun {} -q
# run: tmrun {} -q --tile 3
# run: tmrun {} -q --tile 20
# Panels of runs of tiles: LU with partial pivoting and its row swaps.
param n = 10
tile 4
A = rand(n, n, seed=8)
U = A
t = trows(U)
matrix p(n, 1)
for k in 0..t
  [U[k..t,k], p[k,0]] = getrf(U[k..t,k])
  for j in 0..t
    if j != k
      U[k..t,j] = laswp(U[k..t,j], p[k,0])
    end
  end
  for j in k+1..t
    U[k,j] = trsm(U[k,k], U[k,j], unit=true)
    for i in k+1..t
      U[i,j] -= U[i,k] * U[k,j]
    end
  end
end
L = tril(U) - U .* eye(n) + eye(n)
P = A
for k in 0..t
  P[k..t,0] = laswp(P[k..t,0], p[k,0])
  for j in 1..t
    P[k..t,j] = laswp(P[k..t,j], p[k,0])
  end
end
print(norm(L * triu(U) - P) < 1e-14 * n, max(abs(L)), norm(P - A) > 0.1)

# expect
# 1 1 1
# 1 1 1
# 1 1 1
