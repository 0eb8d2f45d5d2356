# run: tmc {}
# status: 1
# C's comments.
x = 3  // three
print(x)

# expect
# slash_comment.tm:4:8: error: comments start with #, not // [slash_comment]
#     4 | x = 3  // three
#       |        ^~
