# run: tmc {}
# status: 1
function C = times(A, B)
  C = A * B
end
X = ones(3, 4)
Y = times(X, X)

# expect
# in_function.tm:4:7: error: cannot multiply X (3 x 4) by X (3 x 4): inner sizes 4 and 3 differ [inner_size]
#     4 |   C = A * B
#       |       ^~~~~
# in_function.tm:6:1: note: X is 3 x 4
# in_function.tm:6:1: note: X is 3 x 4
