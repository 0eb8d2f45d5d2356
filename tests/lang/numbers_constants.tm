# run: tmrun {} -q
# pi, inf, nan and eps are names of the library, and may be names of yours.
print(pi, inf, -inf, nan)
print(eps, 1 + eps > 1, 1 + eps / 2 > 1, nan == nan, inf > 1e308)
eps = 3
print(eps)

# expect
# 3.141592653589793 inf -inf nan
# 2.220446049250313e-16 true false false true
# 3
