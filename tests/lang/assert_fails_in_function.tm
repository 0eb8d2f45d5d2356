# run: tmrun {} -q
# status: 1
# The place is the assert's, and how it was reached.
function check(x)
  assert(x < 5, "x is", x)
end
check(3)
check(sum(ones(3, 3)))

# expect
