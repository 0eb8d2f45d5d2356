# run: tmc {}
# status: 1
# A bracket is not closed, or by the wrong one.
A = ones(2, 2
B = A + 1
print(sum(B)

# expect
# unclosed.tm:4:9: error: "(" is not closed [unclosed]
#     4 | A = ones(2, 2
#       |         ^
# unclosed.tm:6:6: error: "(" is not closed [unclosed]
#     6 | print(sum(B)
#       |      ^
