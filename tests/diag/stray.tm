# run: tmc {}
# status: 1
# A character that has no meaning here.
A = ones(2, 2)
B = A $ 3
C = A ? 1

# expect
# stray.tm:5:7: error: unexpected "$" [stray]
#     5 | B = A $ 3
#       |       ^
# stray.tm:6:7: error: unexpected "?" [stray]
#     6 | C = A ? 1
#       |       ^
