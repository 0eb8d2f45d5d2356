# run: tmrun {} -q
# status: 1
# There is no largest entry of nothing.
param n = 0
A = ones(n, 4)
print("before")
print(max(A))
print("after")

# expect
# before
# empty_max_refused.tm:7:7: error: max of an empty matrix
#     7 | print(max(A))
#       |       ^~~~~~
# note: in max of the library (lib/max.tm:5)
