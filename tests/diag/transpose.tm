# run: tmc {}
# status: 1
# NumPy's transpose.
A = ones(2, 3)
B = A.T
C = (A * B).T

# expect
# transpose.tm:5:6: error: the transpose is written A', not A.T [transpose]
#     5 | B = A.T
#       |      ^~
# transpose.tm:6:12: error: the transpose is written A', not A.T [transpose]
#     6 | C = (A * B).T
#       |            ^~
