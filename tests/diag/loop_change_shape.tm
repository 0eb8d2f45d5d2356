# run: tmc {}
# status: 1
A = ones(2, 2)
for i in 0..3
  A = ones(3, 2)
end
if sum(A) > 1
  B = ones(2, 2)
else
  B = ones(2, 3)
end

# expect
# loop_change_shape.tm:5:7: error: A has 2 rows before and 3 after: a name keeps its shape in a loop or branch [loop_change]
#     5 |   A = ones(3, 2)
#       |       ^~~~~~~~~~
# loop_change_shape.tm:3:5: note: A is 2 x 2 here
# loop_change_shape.tm:10:7: error: B has 2 columns before and 3 after: a name keeps its shape in a loop or branch [loop_change]
#    10 |   B = ones(2, 3)
#       |       ^~~~~~~~~~
# loop_change_shape.tm:8:7: note: B is 2 x 2 here
