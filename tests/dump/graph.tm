# run: tmc --emit=graph
# What nothing reads is not computed.
input A(m, n)
B = A + 1
C = B * B'
D = A .* 2
output D

# expect
# D = (.* A 2)  # rows(A) x cols(A)
# store D
