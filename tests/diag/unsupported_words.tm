# run: tmc {}
# status: 1
# Functions that are to come.
A = ones(4, 4)
[Q, R] = svd(A)
B = eig(A)

# expect
# unsupported_words.tm:5:10: error: there is no function svd [unknown_function]
#     5 | [Q, R] = svd(A)
#       |          ^~~
# unsupported_words.tm:5:10: note: did you mean spd?
# unsupported_words.tm:6:5: error: there is no function eig [unknown_function]
#     6 | B = eig(A)
#       |     ^~~
