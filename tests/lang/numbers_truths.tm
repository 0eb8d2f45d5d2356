# run: tmrun {} -q
# Truths of bound numbers, joined with && || !.
param n = 5
print(n > 4, n > 5, n >= 5, n == 5.0, n != 5, n < 6, n <= 4)
print(n > 4 && n < 6, n < 4 || n > 6, !(n > 4), true && !false)
t = n > 3 || n / 2 > 10
print(t, t == true, t != true)
print((1 < 2) == true)

# expect
# true false true true false true false
# true false false true
# true true false
# true
