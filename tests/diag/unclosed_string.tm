# run: tmc {}
# status: 1
print("half
print("whole")

# expect
# unclosed_string.tm:3:7: error: the string is not closed [unclosed_string]
#     3 | print("half
#       |       ^
