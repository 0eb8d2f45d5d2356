# run: tmc {}
# status: 1
# Options of kernels.
A = ones(2, 2)
matrix C(2, 2)
C[0,0] = trsm(A[0,0], A[0,0], side="up")
C[0,0] = trsm(A[0,0], A[0,0], trans=1)
C[0,0] = potrf(A[0,0], upper=true)

# expect
# wrong_options.tm:6:31: error: side is "left" or "right" [argument]
#     6 | C[0,0] = trsm(A[0,0], A[0,0], side="up")
#       |                               ^~~~~~~~~
# wrong_options.tm:7:31: error: trans is true or false [argument]
#     7 | C[0,0] = trsm(A[0,0], A[0,0], trans=1)
#       |                               ^~~~~~~
# wrong_options.tm:8:24: error: potrf takes no argument upper [argument]
#     8 | C[0,0] = potrf(A[0,0], upper=true)
#       |                        ^~~~~~~~~~
