# run: tmc {}
# status: 1
# Octave's comments.
x = 3  % three
print(x)

# expect
# percent_comment.tm:4:8: error: comments start with #, not % [percent_comment]
#     4 | x = 3  % three
#       |        ^
# percent_comment.tm:4:8: note: the remainder is mod(a, b)
