# run: tmc {}
# status: 1
x = 1 + 2)
print(x])

# expect
# unopened.tm:3:10: error: ")" closes no bracket [unopened]
#     3 | x = 1 + 2)
#       |          ^
# unopened.tm:4:8: error: "(" is closed by "]" [unclosed]
#     4 | print(x])
#       |        ^
# unopened.tm:4:6: note: the bracket is opened here
