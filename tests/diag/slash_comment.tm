# run: tmc {}
# status: 1
x = 3  // three
print(x)

# expect
# slash_comment.tm:3:8: error: comments start with #, not // [slash_comment]
#     3 | x = 3  // three
#       |        ^~
