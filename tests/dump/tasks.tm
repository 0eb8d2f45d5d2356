# run: tmc --emit=tasks
# Unfolded: versions are named by the task that wrote them; tiles at the end
# are smaller; the first update starts from zeros.
param n = 3
tile 2
A = rand(n, n)
C = A * A
output C

# expect
# 1: C[0,0] = gemm(0, A[0,0], A[0,0])  # line 7
# 2: C[0,0] = gemm(C[0,0]@1, A[0,1], A[1,0])  # line 7
# 3: C[0,1] = gemm(0, A[0,0], A[0,1])  # line 7
# 4: C[0,1] = gemm(C[0,1]@3, A[0,1], A[1,1])  # line 7
# 5: C[1,0] = gemm(0, A[1,0], A[0,0])  # line 7
# 6: C[1,0] = gemm(C[1,0]@5, A[1,1], A[1,0])  # line 7
# 7: C[1,1] = gemm(0, A[1,0], A[0,1])  # line 7
# 8: C[1,1] = gemm(C[1,1]@7, A[1,1], A[1,1])  # line 7
# 9: store(C[0,0]@2, 0, 0, 0)  # line 8
# 10: store(C[1,0]@6, 0, 1, 0)  # line 8
# 11: store(C[0,1]@4, 0, 0, 1)  # line 8
# 12: store(C[1,1]@8, 0, 1, 1)  # line 8
