# run: printf '%%%%MatrixMarket matrix coordinate complex hermitian\n2 2 2\n1 1 5 0\n2 1 1 2\n' >h.mtx; tmrun {} -q && cat a.mtx && tmrun {} -q -D file=a.npy -D out=b.npy
# Complex files: a Hermitian .mtx is read whole; .mtx and .npy are written and
# read again.
param file = "h.mtx"
param out = "a.npy"
H = read(file)
print(H(0, 1), H(1, 0), H(0, 0), norm(H))
A = H * complex(0, 1) + H
write(A, "a.mtx")
write(c64(A), out)

# expect
# 1-2i 1+2i 5+0i 5.916079783099616
# %%MatrixMarket matrix array complex general
# 2 2
# 5 5
# -1 3
# 3 -1
# 0 0
# 3-1i -1+3i 5+5i 8.3666
