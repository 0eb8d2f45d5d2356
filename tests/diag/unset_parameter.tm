# run: tmrun {} -D n=2; tmrun {}
# status: 2
# A parameter without a value of its own.
param n
A = ones(n, n)
print(sum(A))

# expect
# 4
# unset_parameter.tm:4:7: error: parameter n has no value: set it with -D n=...
#     4 | param n
#       |       ^
