# run: tmc {}
# status: 1
print "hello"

# expect
# call_parens.tm:3:7: error: unexpected string "hello" after "print": a call needs parentheses [call_parens]
#     3 | print "hello"
#       |       ^~~~~~~
