# run: tmc {}
param n = 30
param m = 20
A = ones(n, m)
C = A * A' * A' * A

# expect
