# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
b = ones(5, 1)
x = ones(5, 4) \ b
C = A ^ 2

# expect
