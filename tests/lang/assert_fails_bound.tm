# run: tmrun {} -q
# status: 1
# An assert on bound numbers, with a text of its own or the test's.
param n = 3
print("before")
assert(n > 5, "n is", n, "and must be above", 2 + 3)
print("after")

# expect
# before
# assert_fails_bound.tm:6:8: error: n is 3 and must be above 5
#     6 | assert(n > 5, "n is", n, "and must be above", 2 + 3)
#       |        ^~~~~
