# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
assert(rows(A) == 3, "the sum is", sum(A))

# expect
# unsupported.tm:5:8: error: the message of a test that is known without data has no computed numbers yet [unsupported]
#     5 | assert(rows(A) == 3, "the sum is", sum(A))
#       |        ^~~~~~~~~~~~
