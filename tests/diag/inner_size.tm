# run: tmc {}
# status: 1
# Both operands, both sizes, and where they come from.
A = ones(1000, 300)
B = ones(200, 50)
C = A * B
D = A * A

# expect
# inner_size.tm:6:5: error: cannot multiply A (1000 x 300) by B (200 x 50): inner sizes 300 and 200 differ [inner_size]
#     6 | C = A * B
#       |     ^~~~~
# inner_size.tm:4:1: note: A is 1000 x 300
# inner_size.tm:5:1: note: B is 200 x 50
# inner_size.tm:7:5: error: cannot multiply A (1000 x 300) by A (1000 x 300): inner sizes 300 and 1000 differ [inner_size]
#     7 | D = A * A
#       |     ^~~~~
# inner_size.tm:4:1: note: A is 1000 x 300
