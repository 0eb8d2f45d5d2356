# The second factorisation fails; what is printed before it is printed.
tile 4
A = rand(16, 16)
S = A * A' + 16 * eye(16)
L = chol(S)
print("first", sum(L) > 0)
for k in 0..9
  T = S - 1.1^k * k * eye(16)
  M = chol(T)
  print("shift", k, sum(M) > 0)
end
output L
