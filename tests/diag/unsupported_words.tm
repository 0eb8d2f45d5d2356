# run: tmc {}
# status: 1
A = ones(4, 4)
[Q, R] = qr(A)
x = dot(A, A)
B = hcat(A, A)
m = mean(A)

# expect
# unsupported_words.tm:4:10: error: this gives one result, not 2 [no_result]
#     4 | [Q, R] = qr(A)
#       |          ^~~~~
# unsupported_words.tm:5:5: error: there is no function dot [unknown_function]
#     5 | x = dot(A, A)
#       |     ^~~
# unsupported_words.tm:6:5: error: there is no function hcat [unknown_function]
#     6 | B = hcat(A, A)
#       |     ^~~~
# unsupported_words.tm:7:5: error: there is no function mean [unknown_function]
#     7 | m = mean(A)
#       |     ^~~~
