# run: tmrun {} -q
# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 100 -D n=1
# chol of the library against one that is written out, and both triangular
# solves.
param n = 13
tile 4
A = spd(n)
L = chol(A)
M = tril(A)
t = trows(M)
for k in 0..t
  M[k,k] = potrf(M[k,k])
  for i in k+1..t
    M[i,k] = M[i,k] / M[k,k]'
  end
  for i in k+1..t
    for j in k+1..i+1
      M[i,j] -= M[i,k] * M[j,k]'
    end
  end
end
print(norm(L - M) <= 1e-14 * norm(L), norm(L * L' - A) < 1e-12)
x = A * ones(n, 1)
for k in 0..t
  x[k,0] = L[k,k] \ x[k,0]
  for i in k+1..t
    x[i,0] -= L[i,k] * x[k,0]
  end
end
for q in 0..t
  k = t - 1 - q
  x[k,0] = L[k,k]' \ x[k,0]
  for i in 0..k
    x[i,0] -= L[k,i]' * x[k,0]
  end
end
print(norm(x - 1) < 1e-10)

# expect
# 1 1
# 1
# 1 1
# 1
# 1 1
# 1
