# run: tmc {}
# The result of a library function alone is nothing.
A = spd(3)
chol(A)
sum(A)

# expect
# unused.tm:4:1: warning: the result of chol is not used [unused]
#     4 | chol(A)
#       | ^~~~~~~
# unused.tm:5:1: warning: the result of sum is not used [unused]
#     5 | sum(A)
#       | ^~~~~~
