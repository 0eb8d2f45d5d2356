# run: tmrun {} -q
# The same matrix in tiles that share no edges; values and sizes stay.
tile 3
A = rand(11, 7, seed=5)
B = retile(A, 4, 5)
print(trows(A), tcols(A), trows(B), tcols(B), norm(A - B), norm(retile(B, 1, 100) - A))
C = retile(A', 2, 2)
print(trows(C), tcols(C), norm(C' - A))
matrix D(11, 7) tile 6, 1
D = A
print(norm(D - A))

# expect
# 4 3 3 2 0 0
# 4 6 0
# 0
