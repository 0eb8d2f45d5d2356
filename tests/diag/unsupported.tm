# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
b = ones(4, 1)
x = A \ b
C = A ^ 2

# expect
# unsupported.tm:6:5: error: \ of two matrices is not there yet: factor with chol and solve tile by tile [unsupported]
#     6 | x = A \ b
#       |     ^~~~~
# unsupported.tm:7:5: error: ^ of a matrix is not there yet; .^ is entry by entry [unsupported]
#     7 | C = A ^ 2
#       |     ^~~~~
