# run: tmrun {} -q
# Comparisons of matrices give 0 and 1; && || ! take them.
A = [1, 2, 3; 4, 5, 6]
print(sum(A > 3), sum(A >= 3), sum(A == 3), sum(A != 3), sum(A < 3), sum(A <= 3))
print(sum(A > 1 && A < 5), sum(A < 2 || A > 5), sum(!(A > 2)))
print(sum(select(A > 3, A, -A)), sum((A > 3) .* A))

# expect
# 3 4 1 5 2 3
# 3 2 2
# 9 15
