# run: tmc {}
# status: 1
# Functions that are to come.
A = ones(4, 4)
B = hcat(A, A)

# expect
# unsupported_words.tm:5:5: error: there is no function hcat [unknown_function]
#     5 | B = hcat(A, A)
#       |     ^~~~
