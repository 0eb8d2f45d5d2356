# run: tmc {}
# status: 1
# One mistake is one message: what follows from it is not said.
A = ones(3, 4) * ones(3, 4)
B = A + 1
C = B * A
for i in 0..3
  C += B * missing
  missing = C
end
if missing > 3
  D = C
end
print(sum(C), sum(D))
output C

# expect
# no_cascade.tm:4:5: error: cannot multiply ones(3, 4) (3 x 4) by ones(3, 4) (3 x 4): inner sizes 4 and 3 differ [inner_size]
#     4 | A = ones(3, 4) * ones(3, 4)
#       |     ^~~~~~~~~~~~~~~~~~~~~~~
# no_cascade.tm:8:12: error: missing is not assigned before it is used [unknown_name]
#     8 |   C += B * missing
#       |            ^~~~~~~
