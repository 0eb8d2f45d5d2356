# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
b = ones(5, 1)
x = ones(5, 4) \ b
B = A(0..2, :)
A(0, 0) = 3
C = A ^ 2
D = [A, A]

# expect
# unsupported.tm:6:5: error: \ solves with a square matrix so far: ones(5, 4) is 5 x 4, and least squares is not there yet [unsupported]
#     6 | x = ones(5, 4) \ b
#       |     ^~~~~~~~~~~~~~
# unsupported.tm:7:5: error: slices are not there yet: A(i, j) is one element, A[i,j] a tile [unsupported]
#     7 | B = A(0..2, :)
#       |     ^~~~~~~~~~
# unsupported.tm:8:1: error: assigning elements and slices is not there yet [unsupported]
#     8 | A(0, 0) = 3
#       | ^~~~~~~
# unsupported.tm:9:5: error: ^ of a matrix is not there yet; .^ is entry by entry [unsupported]
#     9 | C = A ^ 2
#       |     ^~~~~
# unsupported.tm:10:6: error: entries of a matrix in brackets are constant numbers so far [unsupported]
#    10 | D = [A, A]
#       |      ^
