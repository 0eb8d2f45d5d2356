# run: tmrun {} -q -D k=5
# status: 1
# A slice that is not there for these sizes, found before anything runs.
param k = 2
A = rand(4, 4)
print("not printed")
print(rows(A(0..k, :)))

# expect
# slice_bound.tm:7:12: error: A is 4 x 4 and has no rows 0 .. 5
#     7 | print(rows(A(0..k, :)))
#       |            ^~~~~~~~~~
