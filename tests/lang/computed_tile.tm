# run: tmrun {} -q
# Tiles whose index comes from data.
tile 2
A = rand(7, 4)
p = floor(sum(rand(3, 3)) * 0) + 1
C = zeros(7, 4)
C[p,p-1] = A[p+1,p]
C[p-1,0] = 2 * A[p,0] * A[p,1]
D = zeros(7, 4)
D[1,0] = A[2,1]
D[0,0] = 2 * A[1,0] * A[1,1]
print(norm(C - D), sum(C) > 0)

# expect
# 0 1
