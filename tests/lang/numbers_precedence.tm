# run: tmrun {} -q
# ^ binds tighter than unary minus, which binds tighter than * and + .
param two = 2
print(-two ^ 2, (-two) ^ 2, two ^ 3 ^ 2, -two * 3 + 4, 2.0 ^ -two, 2 ^ -2)
print(1 + 2 * 3 ^ 2, 10 - 4 - 3, 100 / 10 / 5, 2 * 6 / 3, 1 - -two)
print(! (two > 3) && two == 2, two + 1 > two && two > 1)

# expect
# -4 4 512 -2 0.25 0.25
# 19 3 2 4 3
# true true
