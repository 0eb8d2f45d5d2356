# run: tmrun {} -q -D n=62
# run: tmrun {} -q -D n=63
# status: 1
# Whole numbers that do not fit 64 bits are an error, not a wrong number.
param n = 62
print(2 ^ n)

# expect
# 4611686018427387904
# numbers_overflow.tm:6:1: error: integer overflow
#     6 | print(2 ^ n)
#       | ^~~~~~~~~~~~
