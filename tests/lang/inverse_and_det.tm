# run: tmrun {} -q
# run: tmrun {} -q --tile 2
# Inverses, determinants with the sign of their row swaps, normf.
tile 4
A = [0, 2, 0; 0, 0, 3; 4, 0, 0]
X = inv(A)
print(X(0,2), X(1,0), X(2,1), sum(X))
print(det(A), det(A'), det([0, 1; 1, 0]), det([1, 2; 2, 4]), det(zeros(3, 3)))
print(det(eye(7)), det(-2 * eye(5)), det(ones(0, 0)), det([0, 2; 3, 0]))
B = ones(2, 2, type=f32) + eye(2)
d = det(B)
Y = inv(B)
print(abs(d - 3) < 1e-6, abs(sum(Y) - 2 / 3) < 1e-6)
print(normf([3, 4]), normf(-2), normf(ones(0, 4)))

# expect
# 0.25 0.5 0.3333333333333333 1.0833333333333333
# 24 24 -1 -0 0
# 1 -32 1 -6
# 1 1
# 5 2 0
# 0.25 0.5 0.3333333333333333 1.0833333333333333
# 24 24 -1 -0 0
# 1 -32 1 -6
# 1 1
# 5 2 0
