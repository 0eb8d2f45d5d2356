# run: tmc {}
# status: 1
A = ones(2, 2)
B = A $ 3
C = A ? 1

# expect
# stray.tm:4:7: error: unexpected "$" [stray]
#     4 | B = A $ 3
#       |       ^
# stray.tm:5:7: error: unexpected "?" [stray]
#     5 | C = A ? 1
#       |       ^
