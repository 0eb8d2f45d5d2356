# run: tmrun {} -q
# A quotient of whole numbers is real; ceildiv, and floor and ceil of a
# quotient, are exact.
param n = 7
big = 2 ^ 53 + n - 6
print(n / 2, 8 / 2, n / 7)
print(ceildiv(n, 2), floor(n / 2), ceil(n / 2))
print(ceildiv(-n, 2), floor(-n / 2), ceil(-n / 2))
print(floor(big / 1), floor((big + 2) / 2), ceildiv(big, 2), floor(big / (n - 6)))

# expect
# 3.5 4 1
# 4 3 4
# -3 -4 -3
# 9007199254740993 4503599627370497 4503599627370497 9007199254740993
