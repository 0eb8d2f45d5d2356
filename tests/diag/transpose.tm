# run: tmc {}
# status: 1
A = ones(2, 3)
B = A.T

# expect
# transpose.tm:4:6: error: the transpose is written A', not A.T [transpose]
#     4 | B = A.T
#       |      ^~
