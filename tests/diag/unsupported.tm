# run: tmc {}
# status: 1
# Parts of the language that are to come.
A = spd(4)
assert(rows(A) == 3, "the sum is", sum(A))

# expect
