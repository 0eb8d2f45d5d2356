# run: tmrun {} -q
# Transposed tiles, and tiles of a transposed matrix.
tile 2
A = [1, 2, 3; 4, 5, 6; 7, 8, 9]
matrix B(3, 3)
for i in 0..trows(A)
  for j in 0..tcols(A)
    B[j,i] = A[i,j]'
  end
end
print(norm(B - A'))
T = A'
matrix C(3, 3)
for i in 0..2
  for j in 0..2
    for k in 0..2
      C[i,j] += T[i,k] * A[j,k]'
    end
  end
end
print(norm(C - A' * A'))
B[0,1] = 2 * A[1,0]' - T[0,1]
print(B(0, 2), B(1, 2))

# expect
# 0
# 0
# 7 8
