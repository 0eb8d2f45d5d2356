# run: tmc {}
# status: 1
A = spd(4)
b = ones(4, 1)
x = A \ b
B = A(0..2, :)
A(0, 0) = 3
C = A ^ 2
D = [A, A]

# expect
# unsupported.tm:5:5: error: \ of two matrices is not there yet: factor with chol and solve tile by tile [unsupported]
#     5 | x = A \ b
#       |     ^~~~~
# unsupported.tm:6:5: error: slices are not there yet: A(i, j) is one element, A[i,j] a tile [unsupported]
#     6 | B = A(0..2, :)
#       |     ^~~~~~~~~~
# unsupported.tm:7:1: error: assigning elements and slices is not there yet [unsupported]
#     7 | A(0, 0) = 3
#       | ^~~~~~~
# unsupported.tm:8:5: error: ^ of a matrix is not there yet; .^ is entry by entry [unsupported]
#     8 | C = A ^ 2
#       |     ^~~~~
# unsupported.tm:9:6: error: entries of a matrix in brackets are constant numbers so far [unsupported]
#     9 | D = [A, A]
#       |      ^
