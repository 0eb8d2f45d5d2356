# run: tmc {}
# status: 1
A = ones(2, 2
B = A + 1
print(sum(B)

# expect
# unclosed.tm:3:9: error: "(" is not closed [unclosed]
#     3 | A = ones(2, 2
#       |         ^
# unclosed.tm:5:6: error: "(" is not closed [unclosed]
#     5 | print(sum(B)
#       |      ^
