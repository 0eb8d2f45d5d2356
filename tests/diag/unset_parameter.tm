# run: tmc {}
param n
A = ones(n, n)
print(sum(A))

# expect
