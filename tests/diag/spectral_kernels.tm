# run: tmc {}
# status: 1
# Kernels of eigenvalues and singular values give all their results.
A = ones(4, 4)
matrix V(4, 4)
matrix w(4, 1)
[V[0,0], _] = heevd(A[0,0])
V[0,0] = gesdd(A[0,0])
[V[0,0], w[0,0]] = gesdd(A[0,0])
w[0,0] = residual(w[0,0], w[0,0]', A[0,0], w[0,0])

# expect
# spectral_kernels.tm:7:15: error: this gives two results, all to tiles: V, w; heevd_values gives w alone [tile_statement]
#     7 | [V[0,0], _] = heevd(A[0,0])
#       |               ^~~~~~~~~~~~~
