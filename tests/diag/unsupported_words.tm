# run: tmc {}
# status: 1
# Functions that are to come.
A = ones(4, 4)
[Q, R] = svd(A)
B = hcat(A, A)

# expect
