# run: tmc --check
# status: 1
# Whether there is a factor is a result as well.
tile 2
A = spd(4)
matrix L(4, 4) is lower
matrix f(1, 1)
L[0,0] = potrf_try(A[0,0])
[L[0,0], _] = potrf_try(A[0,0])
[L[0,0], f[0,0]] = potrf_try(A[0,0])
output L, f

# expect
# potrf_try.tm:8:10: error: this gives several results, as in [_, R[0,0]] = geqrt(A[0,0]) [tile_statement]
#     8 | L[0,0] = potrf_try(A[0,0])
#       |          ^~~~~~~~~~~~~~~~~
