# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
b = ones(5, 1)
x = ones(5, 4) \ b
assert(rows(A) == 3, "the sum is", sum(A))

# expect
# unsupported.tm:6:5: error: \ solves with a square matrix so far: ones(5, 4) is 5 x 4; lstsq gives least squares [unsupported]
#     6 | x = ones(5, 4) \ b
#       |     ^~~~~~~~~~~~~~
