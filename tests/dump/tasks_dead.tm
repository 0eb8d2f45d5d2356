# run: tmc --emit=tasks --tile 2 -Wno-unused {}
# run: tmc --emit=tasks --tile 2 -Wno-unused --no-optimise {} | grep -c tsmqr
# R alone: the tasks that would make Q are left out.  What the script itself
# says of tiles is done.
A = rand(4, 4)
[Q, R] = qr(A)
matrix C(4, 4)
for i in 0..2
  C[i,i] = A[i,i] + R[i,i]
end
L = chol(spd(4))
M = tril(L)
output R

# expect
# 1: V[0,0], R[0,0], T[0,0] = geqrt(A[0,0])  # line 6
# 2: V[0,1] = unmqr[ta](A[0,1], V[0,0]@1, T[0,0]@1)  # line 6
# 3: V[1,0], R[0,0], T[1,0] = tsqrt(A[1,0], R[0,0]@1)  # line 6
# 4: V[0,1], V[1,1] = tsmqr[ta](V[0,1]@2, A[1,1], V[1,0]@3, T[1,0]@3)  # line 6
# 5: V[1,1], R[1,1], T[1,1] = geqrt(V[1,1]@4)  # line 6
# 6: C[0,0] = map(A[0,0], R[0,0]@3)  # line 9
# 7: C[1,1] = map(A[1,1], R[1,1]@5)  # line 9
# 8: store(R[0,0]@3, 0, 0, 0)  # line 13
# 9: store(R[1,0], 0, 1, 0)  # line 13
# 10: store(V[0,1]@4, 0, 0, 1)  # line 13
# 11: store(R[1,1]@5, 0, 1, 1)  # line 13
# 3
