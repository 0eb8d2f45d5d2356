# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
C = A ^ 2

# expect
# unsupported.tm:5:5: error: ^ of a matrix is not there yet; .^ is entry by entry [unsupported]
#     5 | C = A ^ 2
#       |     ^~~~~
