# run: tmc --emit=tasks -D m=20 -D n=20
# How many tasks: 2 for a sum of 2 x 1 tiles and one to add them, no map; 3
# tiles of 4 for a symmetric matrix, and none above the diagonal where chol
# alone reads it.
param m = 4
param n = 4
tile 10
A = rand(m, 5)
B = rand(m, 5)
print(sum(A .* B))
L = chol(A * A' + eye(m))
print(L(0, 0))

# expect
# 1: P[0,0] = map_sum(A[0,0], B[0,0])  # line 10
# 2: P[1,0] = map_sum(A[1,0], B[1,0])  # line 10
# 3: P[0,0] = map(P[0,0]@1, P[1,0]@2)  # line 10
# 4: print(P[0,0]@3)  # line 10
# 5: temp[0,0] = syrk(0, A[0,0])  # line 11
# 6: temp[0,0] = map_diagonal(temp[0,0]@5)  # line 11
# 7: L[0,0] = tril(temp[0,0]@6)  # line 11
# 8: L[1,0] = gemm[tb](0, A[1,0], A[0,0])  # line 11
# 9: temp[1,1] = syrk(0, A[1,0])  # line 11
# 10: temp[1,1] = map_diagonal(temp[1,1]@9)  # line 11
# 11: L[1,1] = tril(temp[1,1]@10)  # line 11
# 12: L[0,0] = potrf(L[0,0]@7)  # line 11
# 13: L[1,0] = trsm[ta,right](L[1,0]@8, L[0,0]@12)  # line 11
# 14: L[1,1] = syrk(L[1,1]@11, L[1,0]@13, -1)  # line 11
# 15: L[1,1] = potrf(L[1,1]@14)  # line 11
# 16: element[0,0] = copy(L[0,0]@12, 0, 0, 0, 0, 1, 1)  # line 12
# 17: print(element[0,0]@16)  # line 12
