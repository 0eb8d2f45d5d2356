# run: tmc {}
# status: 1
param n = 3
param n = 4
input A(n, n)
input A(n, 2)
output A, A

# expect
# declared_twice.tm:4:7: error: n is declared or assigned already [declared_twice]
#     4 | param n = 4
#       |       ^
# declared_twice.tm:6:7: error: A is declared or assigned already [declared_twice]
#     6 | input A(n, 2)
#       |       ^
# declared_twice.tm:7:11: error: A is an output already [declared_twice]
#     7 | output A, A
#       |           ^
