# run: tmc {}
# status: 1
A = ones(2, 3)
B = np.dot(A, A)

# expect
# dotted.tm:4:7: error: a name cannot have a part after "." [dotted]
#     4 | B = np.dot(A, A)
#       |       ^~~~
# dotted.tm:4:7: note: functions are called by their bare names, as in norm(A)
