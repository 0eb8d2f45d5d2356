# run: tmrun {} -q
# status: 1
# The place is the assert's, and how it was reached.
function check(x)
  assert(x < 5, "x is", x)
end
check(3)
check(sum(ones(3, 3)))

# expect
# assert_fails_in_function.tm:5:10: error: x is 9
#     5 |   assert(x < 5, "x is", x)
#       |          ^~~~~
# assert_fails_in_function.tm:8:1: note: called from here
