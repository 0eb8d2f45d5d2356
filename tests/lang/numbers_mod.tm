# run: tmrun {} -q
# mod has the sign of its divisor.
param n = 7
print(mod(n, 3), mod(-n, 3), mod(n, -3), mod(-n, -3), mod(6, 3))
print(mod(7.5, 2), mod(-7.5, 2), mod(-n, 2.5))
A = [7, -7; 7.5, -7.5]
B = mod(A, 3)
print(B(0,0), B(0,1), B(1,0), B(1,1))

# expect
# 1 2 -2 -1 0
# 1.5 0.5 0.5
# 1 2 1.5 1.5
