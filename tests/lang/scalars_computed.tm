# run: tmrun {} -q
# A 1 x 1 result is a number.
x = [1; 2; 3]
y = [4; 5; 6]
d = x' * y
print(d, d / 2, d * x(0), d > 30, sqrt(d + 4), -d)
A = d * eye(2) + d
print(sum(A), x' * x - 14)
print(sum(x) / sum(y), trace([7]), max(d, 3), min(d, 3))

# expect
# 32 16 32 1 6 -32
# 192 0
# 0.4 7 32 3
