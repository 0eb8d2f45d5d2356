# run: tmc {}
# status: 1
# A string does not end on its line.
print("half
print("whole")

# expect
# unclosed_string.tm:4:7: error: the string is not closed [unclosed_string]
#     4 | print("half
#       |       ^
