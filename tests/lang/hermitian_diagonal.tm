# run: tmrun {} -q
# chol, and eig of what is assumed symmetric, don't read imaginary parts of the
# diagonal: the results are those of the Hermitian B, in one tile or several.
tile 2
j = complex(0, 1)
B = [4, 1, 0; 1, 5, 1; 0, 1, 6] + j * [0, -1, 0; 1, 0, 2; 0, -2, 0]
A = B + j * [1, 0, 0; 0, 0, 0; 0, 0, 3]
print(norm(chol(A) - chol(B)), norm(chol(retile(A, 3)) - chol(B)) < 1e-15)
w = eig(B)
assume A is symmetric
[u, V] = eig(A)
print(norm(eig(A) - w) < 1e-14, norm(u - w) < 1e-14)
print(norm(B * V - V .* c128(u)') < 1e-14)

# expect
# 0 1
# 1 1
# 1
