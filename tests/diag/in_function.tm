# run: tmc {}
# status: 1
# A mistake in a function of the script: its own names, and the call.
function C = times(A, B)
  C = A * B
end
X = ones(3, 4)
Y = times(X, X)

# expect
# in_function.tm:5:7: error: cannot multiply A (3 x 4) by B (3 x 4): inner sizes 4 and 3 differ [inner_size]
#     5 |   C = A * B
#       |       ^~~~~
# in_function.tm:7:1: note: X is 3 x 4
# in_function.tm:8:5: note: called from here
