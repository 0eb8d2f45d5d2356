# run: tmrun {} -D m=30 ; tmrun {}
# status: 1
# Sizes that hang on parameters are compared when they are known.
param n = 30
param m = 20
A = ones(n, m)
C = A * A' * A' * A
print(sum(C))

# expect
# 24300000
# inner_size_bound.tm:7:5: error: cannot multiply A * A' (30 x 30) by A' (20 x 30): inner sizes 30 and 20 differ
#     7 | C = A * A' * A' * A
#       |     ^~~~~~~~~~~
