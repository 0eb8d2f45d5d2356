# run: tmc {}
# status: 1
A = [1, 2; 3, 4)
print(A(0, 0])

# expect
# unclosed_wrong.tm:3:16: error: "[" is closed by ")" [unclosed]
#     3 | A = [1, 2; 3, 4)
#       |                ^
# unclosed_wrong.tm:3:5: note: the bracket is opened here
# unclosed_wrong.tm:4:13: error: "(" is closed by "]" [unclosed]
#     4 | print(A(0, 0])
#       |             ^
# unclosed_wrong.tm:4:8: note: the bracket is opened here
