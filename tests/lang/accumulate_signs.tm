# run: tmrun {} -q
# += -= *= on names, tiles and computed numbers, with factors and signs.
tile 2
A = ones(4, 4)
matrix C(4, 4)
for i in 0..2
  for j in 0..2
    C[i,j] += 2 * A[i,0] * A[0,j]
    C[i,j] -= A[i,1] * (3 * A[1,j]) / 6
    C[i,j] = A[i,j] + C[i,j]
    C[i,j] = C[i,j] - -A[i,0] * A[0,j]
    C[i,j] *= 10
  end
end
print(min(C), max(C))
A += 1
A -= 0.5
A *= 4
print(max(A))
n = 3
n += 4
n *= 2
n -= 1
print(n)

# expect
# 60 60
# 6
# 13
