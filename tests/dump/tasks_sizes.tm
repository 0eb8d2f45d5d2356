# run: tmc --emit=tasks -D m=3 -D n=5 --tile 2
# Sizes that a file would give come from -D.
input A(m, n)
output s
s = sum(A)

# expect
# 1: P[0,0] = sum(A[0,0])  # line 5
# 2: P[1,0] = sum(A[1,0])  # line 5
# 3: P[2,0] = sum(A[0,1])  # line 5
# 4: P[3,0] = sum(A[1,1])  # line 5
# 5: P[4,0] = sum(A[0,2])  # line 5
# 6: P[5,0] = sum(A[1,2])  # line 5
# 7: P[0,0] = map(P[0,0]@1, P[1,0]@2)  # line 5
# 8: P[2,0] = map(P[2,0]@3, P[3,0]@4)  # line 5
# 9: P[4,0] = map(P[4,0]@5, P[5,0]@6)  # line 5
# 10: P[0,0] = map(P[0,0]@7, P[2,0]@8)  # line 5
# 11: P[0,0] = map(P[0,0]@10, P[4,0]@9)  # line 5
# 12: store(P[0,0]@11, 0, 0, 0)  # line 4
