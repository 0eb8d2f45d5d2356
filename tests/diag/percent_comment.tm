# run: tmc {}
# status: 1
x = 3  % three
print(x)

# expect
# percent_comment.tm:3:8: error: comments start with #, not % [percent_comment]
#     3 | x = 3  % three
#       |        ^
# percent_comment.tm:3:8: note: the remainder is mod(a, b)
