# run: tmrun {} -q
# Sizes of 0: sums are 0, a product over nothing is 0.
tile 3
param n = 0
A = ones(n, 4)
B = ones(4, n)
C = B * A
D = A * B
print(sum(A), norm(B), sum(C), rows(C), cols(C), rows(D), trace(D), numel(A + 1))
print(sum(A'), trows(A), tcols(A), sum(C + 1))
L = chol(D)
print(rows(L), sum(tril(A)))
output A

# expect
# 0 0 0 4 4 0 0 0
# 0 0 2 16
# 0 0
