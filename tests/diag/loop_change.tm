# run: tmc {}
# status: 1
A = ones(2, 2)
for i in 0..3
  A = A(0..1, :)
  B = A
end

# expect
# loop_change.tm:5:7: error: slices are not there yet: A(i, j) is one element, A[i,j] a tile [unsupported]
#     5 |   A = A(0..1, :)
#       |       ^~~~~~~~~~
