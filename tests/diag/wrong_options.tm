# run: tmc {}
# status: 1
A = ones(2, 2)
matrix C(2, 2)
C[0,0] = trsm(A[0,0], A[0,0], side="up")
C[0,0] = trsm(A[0,0], A[0,0], trans=1)
C[0,0] = potrf(A[0,0], upper=true)

# expect
# wrong_options.tm:5:31: error: side is "left" or "right" [argument]
#     5 | C[0,0] = trsm(A[0,0], A[0,0], side="up")
#       |                               ^~~~~~~~~
# wrong_options.tm:6:31: error: trans is true or false [argument]
#     6 | C[0,0] = trsm(A[0,0], A[0,0], trans=1)
#       |                               ^~~~~~~
# wrong_options.tm:7:24: error: potrf takes no argument upper [argument]
#     7 | C[0,0] = potrf(A[0,0], upper=true)
#       |                        ^~~~~~~~~~
