# run: tmrun {} -D n=2; tmrun {}
# status: 1
# A size below 0.
param n = 5
A = ones(3, 4 - n)
print(sum(A))

# expect
# 6
# run_negative_size.tm:5:1: error: A has -1 columns
#     5 | A = ones(3, 4 - n)
#       | ^
