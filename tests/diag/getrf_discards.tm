# run: tmc {}
# status: 1
# Kernels of LU: both results are needed.
tile 2
A = ones(4, 4)
matrix V(4, 4)
matrix R(4, 4)
[A[0,0], _] = getrf(A[0,0])

# expect
# getrf_discards.tm:8:15: error: several results are of getrf, [A[k..t,k], p[k,0]] = getrf(A[k..t,k]), and of geqrt, tsqrt, tsmqr, heevd and gesdd [tile_statement]
#     8 | [A[0,0], _] = getrf(A[0,0])
#       |               ^~~~~~~~~~~~~
