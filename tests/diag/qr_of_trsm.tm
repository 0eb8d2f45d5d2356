# run: tmc {}
# status: 1
# Kernels of QR: a kernel that has one result.
tile 2
A = ones(4, 4)
matrix V(4, 4)
matrix R(4, 4)
[V[0,0], R[0,0]] = trsm(V[0,0], R[0,0])

# expect
# qr_of_trsm.tm:8:20: error: several results are of getrf, [A[k..t,k], p[k,0]] = getrf(A[k..t,k]), and of geqrt, tsqrt, tsmqr, heevd and gesdd [tile_statement]
#     8 | [V[0,0], R[0,0]] = trsm(V[0,0], R[0,0])
#       |                    ^~~~~~~~~~~~~~~~~~~~
