# run: tmc {}
# status: 1
# A call without parentheses.
print "hello"

# expect
# call_parens.tm:4:7: error: unexpected string "hello" after "print": a call needs parentheses [call_parens]
#     4 | print "hello"
#       |       ^~~~~~~
