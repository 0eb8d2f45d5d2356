# run: tmrun {} -q
# Norms, ranks, conditions and pseudo-inverses with values known by hand.
tile 2
A = [3, 0, 0; 0, -4, 0]
print(norm(A, 1), norm(A, inf), norm(A, "fro"), norm(A, 2), rank(A), cond(A) * 3)
print(norm([3, -4], 1), norm([3; -4], 1), norm([3, -4], inf), norm([3, -4], 2))
print(norm(zeros(0, 3), 1), norm(zeros(2, 0), 2))
P = pinv(A)
print(rows(P), cols(P), norm(A * P - eye(2)) < 1e-15, sum(pinv(zeros(2, 3))))
L = [1, 2, 3; 2, 4, 6; 1, 0, 1]
print(rank(L), rank(L, 100), norm(L * pinv(L) * L - L) < 1e-13)
print(cond(zeros(2, 2)), cond(zeros(2, 2), 1), cond([2, 1; 0, 1], 1), cond(eye(5), 1))
D = diag([1; 2; 4])
print(sum(D \ [1; 2; 4]), sum([1, 2, 4] / D))
print("fro" == "fro", "fro" != "one", 1 == "one")

# expect
# 4 4 5 4 2 4
# 7 7 4 5
# 0 0
# 3 2 1 0
# 2 0 1
# inf inf 3 1
# 3 3
# true true false
