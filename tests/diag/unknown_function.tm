# run: tmc {}
# status: 1
# A call of a function that there isn't.
A = ones(3, 3)
B = cholesky(A)
C = nrom(A)

# expect
# unknown_function.tm:5:5: error: there is no function cholesky [unknown_function]
#     5 | B = cholesky(A)
#       |     ^~~~~~~~
# unknown_function.tm:5:5: note: did you mean chol?
# unknown_function.tm:6:5: error: there is no function nrom [unknown_function]
#     6 | C = nrom(A)
#       |     ^~~~
# unknown_function.tm:6:5: note: did you mean norm?
