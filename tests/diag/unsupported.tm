# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
b = ones(5, 1)
x = ones(5, 4) \ b
C = A ^ 2

# expect
# unsupported.tm:6:5: error: \ solves with a square matrix so far: ones(5, 4) is 5 x 4; lstsq gives least squares [unsupported]
#     6 | x = ones(5, 4) \ b
#       |     ^~~~~~~~~~~~~~
# unsupported.tm:7:5: error: ^ of a matrix is not there yet; .^ is entry by entry [unsupported]
#     7 | C = A ^ 2
#       |     ^~~~~
