# run: tmrun {} -q
# Whole numbers are exact, 64 bits wide, and stay whole under + - * ^.
param n = 7
print(n + 2, n - 9, n * n, -n)
print(2 ^ 10, 2 ^ 62, (-3) ^ 3, n ^ 0)
print(2 ^ 53 + 1, 2 ^ 62 + (2 ^ 62 - 1), n ^ 22)
print(abs(-n), max(n, 3), min(n, 3))

# expect
# 9 -2 49 -7
# 1024 4611686018427387904 -27 1
# 9007199254740993 9223372036854775807 3909821048582988049
# 7 7 3
