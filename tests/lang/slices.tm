# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 7
# Slices of matrices, of transposed ones, of slices; none and all of it.
param n = 5
A = [1, 2, 3, 4, 5; 6, 7, 8, 9, 10; 11, 12, 13, 14, 15]
B = A(1..3, 1..n)
print(rows(B), cols(B), sum(B), B(0,0), B(1,3))
C = A'(1..3, :)
print(rows(C), cols(C), sum(C), C(1,0))
E = A(1..1, :)
print(rows(E), cols(E), sum(E), sum(A(:, :)))
D = (A + 1)(0..2, 0..2)
print(sum(D), sum(A(1..3, 1..4)(1, :)), sum(A(2, :)(3..5)))

# expect
# 2 4 88 7 15
# 2 3 45 3
# 0 5 0 120
# 20 39 29
# 2 4 88 7 15
# 2 3 45 3
# 0 5 0 120
# 20 39 29
# 2 4 88 7 15
# 2 3 45 3
# 0 5 0 120
# 20 39 29
