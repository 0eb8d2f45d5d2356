# run: tmrun {} -q
# Triangles of square and oblong matrices, in tiles that are not square.
tile 2, 3
A = fill(5, 5, 2.0)
W = fill(3, 6, 1.0)
print(sum(tril(A)), sum(triu(A)), sum(tril(A) + triu(A) - A))
print(sum(tril(W)), sum(triu(W)), sum(tril(W')), sum(triu(W')))
print(norm(tril(A)' - triu(A')))
L = tril(A)
print(L(4, 0), L(0, 4), L(3, 3))

# expect
# 30 30 10
# 6 15 15 6
# 0
# 2 0 2
