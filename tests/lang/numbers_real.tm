# run: tmrun {} -q
# Functions of real numbers; what is whole prints without a point.
param x = 2.25
print(sqrt(x), x ^ 2, x ^ -1 * 9, 2 ^ 0.5)
print(floor(x), ceil(x), round(x), round(2.5), round(-2.5), round(3.5))
print(exp(0), log(1), log2(8), sin(0), cos(0), tanh(0), hypot(3, 4))
print(abs(-x), max(x, 3), min(x, 3), sign(-x), sign(0), sign(x))
print(0.1, 1e300, 1e-300, 1/3, -0.5, 100000000000000000000.0)

# expect
# 1.5 5.0625 4 1.4142135623730951
# 2 3 2 3 -3 4
# 1 0 3 0 1 0 5
# 2.25 3 2.25 -1 0 1
# 0.1 1e+300 1e-300 0.3333333333333333 -0.5 1e+20
