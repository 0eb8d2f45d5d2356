# run: tmc {}
# status: 1
# A parameter, input or output named twice.
param n = 3
param n = 4
input A(n, n)
input A(n, 2)
output A, A

# expect
# declared_twice.tm:5:7: error: n is declared or assigned already [declared_twice]
#     5 | param n = 4
#       |       ^
# declared_twice.tm:7:7: error: A is declared or assigned already [declared_twice]
#     7 | input A(n, 2)
#       |       ^
# declared_twice.tm:8:11: error: A is an output already [declared_twice]
#     8 | output A, A
#       |           ^
