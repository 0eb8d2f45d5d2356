# run: tmc {}
# status: 1
A = ones(3, 4) * ones(3, 4)
B = A + 1
C = B * A
print(sum(C))
output C

# expect
# no_cascade.tm:3:5: error: cannot multiply ones(3, 4) (3 x 4) by ones(3, 4) (3 x 4): inner sizes 4 and 3 differ [inner_size]
#     3 | A = ones(3, 4) * ones(3, 4)
#       |     ^~~~~~~~~~~~~~~~~~~~~~~
# no_cascade.tm:3:5: note: ones(3, 4) is 3 x 4
# no_cascade.tm:3:18: note: ones(3, 4) is 3 x 4
# no_cascade.tm:5:5: error: cannot multiply B (3 x 4) by A (3 x 4): inner sizes 4 and 3 differ [inner_size]
#     5 | C = B * A
#       |     ^~~~~
# no_cascade.tm:4:1: note: B is 3 x 4
# no_cascade.tm:3:1: note: A is 3 x 4
