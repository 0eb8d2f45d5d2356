# run: tmc {}
# status: 1
A = ones(2, 2)
x = 3
print(A(1), A(1, 1, 1), x(1))

# expect
# argument_index.tm:5:7: error: one index is for row and column vectors; A is 2 x 2 [argument]
#     5 | print(A(1), A(1, 1, 1), x(1))
#       |       ^~~~
