# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 5
# Diagonal matrices and diagonals, with entries that are not finite.
D = diag([1, inf, 3])
d = diag([1, 2; 3, 4; 5, 6])
e = diag(ones(0, 3))
print(D(0,0), D(1,1), D(0,1), rows(D), cols(D), D is diagonal)
print(rows(d), d(0), d(1), rows(e), sum(diag(ones(5, 1))))

# expect
# 1 inf 0 3 3 true
# 2 1 4 0 5
# 1 inf 0 3 3 true
# 2 1 4 0 5
# 1 inf 0 3 3 true
# 2 1 4 0 5
