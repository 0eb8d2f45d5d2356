# run: tmrun {} -q
# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 2
# Pivots are the largest entries, the factors have the shapes of A, and a
# singular matrix has factors too.
tile 3
A = [1, 2, 1; 4, 4, 8; 2, 6, 4]
[L, U, p] = lu(A)
print(p(0), p(1), p(2))
print(L(1,0), L(2,0), L(2,1), U(0,0), U(1,1), U(2,2), L is lower, U is upper)
[L, U, p] = lu([1, 2, 3, 4; 2, 4, 6, 9])
print(rows(L), cols(L), rows(U), cols(U), p(0), p(1), L(1,0), U(1,1), U(1,3))
[L, U, p] = lu([0; 0; -3; 1])
print(rows(L), cols(L), rows(U), cols(U), p(0), p(2), L(0,0), L(2,0), U(0,0))
[L, U, p] = lu(zeros(2, 2))
print(p(0), p(1), norm(L - eye(2)), norm(U))

# expect
# 1 2 0
# 0.5 0.25 0.25 4 4 -1 true true
# 2 2 2 4 1 0 0.5 0 -0.5
# 4 1 1 1 2 0 1 -0 -3
# 0 1 0 0
# 1 2 0
# 0.5 0.25 0.25 4 4 -1 true true
# 2 2 2 4 1 0 0.5 0 -0.5
# 4 1 1 1 2 0 1 -0 -3
# 0 1 0 0
# 1 2 0
# 0.5 0.25 0.25 4 4 -1 true true
# 2 2 2 4 1 0 0.5 0 -0.5
# 4 1 1 1 2 0 1 -0 -3
# 0 1 0 0
