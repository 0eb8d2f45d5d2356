# run: tmc {}
# status: 1
# A closing bracket without its opening one.
x = 1 + 2)
print(x])

# expect
# unopened.tm:4:10: error: ")" closes no bracket [unopened]
#     4 | x = 1 + 2)
#       |          ^
# unopened.tm:5:8: error: "(" is closed by "]" [unclosed]
#     5 | print(x])
#       |        ^
# unopened.tm:5:6: note: the bracket is opened here
