# run: tmrun {} -q
# status: 1
# An assert on a computed number: prints above it happen, none below.
A = ones(3, 3)
print("before", sum(A))
assert(sum(A) < 5)
print("after")

# expect
# before 9
# assert_fails_computed.tm:6:8: error: assertion failed: sum(A) < 5
#     6 | assert(sum(A) < 5)
#       |        ^~~~~~~~~~
