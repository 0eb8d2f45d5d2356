# run: tmc {}
# status: 1
# NumPy's dotted names.
A = ones(2, 3)
B = np.dot(A, A)

# expect
# dotted.tm:5:7: error: a name cannot have a part after "." [dotted]
#     5 | B = np.dot(A, A)
#       |       ^~~~
# dotted.tm:5:7: note: the matrix product is written A * B
