# run: tmrun {} -q
# Matrices in brackets; inside them a line may end anywhere.
A = [1, 2.5, -3; 4, 1e2, 1/4]
v = [1]
w = [1, 2,
     3]
print(rows(A), cols(A), sum(A), A(1, 1), A(0, 2), A(1, 2))
print(v + 1, cols(w), w(2))

# expect
# 2 3 104.75 100 -3 0.25
# 2 3 3
