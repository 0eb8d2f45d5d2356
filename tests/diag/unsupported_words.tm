# run: tmc {}
# status: 1
# Functions that are to come.
A = ones(4, 4)
[Q, R] = svd(A)
x = dot(A, A)
B = hcat(A, A)
m = mean(A)

# expect
# unsupported_words.tm:5:10: error: there is no function svd [unknown_function]
#     5 | [Q, R] = svd(A)
#       |          ^~~
# unsupported_words.tm:5:10: note: did you mean spd?
# unsupported_words.tm:6:5: error: there is no function dot [unknown_function]
#     6 | x = dot(A, A)
#       |     ^~~
# unsupported_words.tm:6:5: note: did you mean det?
# unsupported_words.tm:7:5: error: there is no function hcat [unknown_function]
#     7 | B = hcat(A, A)
#       |     ^~~~
# unsupported_words.tm:8:5: error: there is no function mean [unknown_function]
#     8 | m = mean(A)
#       |     ^~~~
