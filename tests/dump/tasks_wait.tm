# run: tmc --emit=tasks {} >/dev/null
# status: 2
# Without data a computed number is taken as 1; a loop that waits for another
# is given up.
x = fill(1, 1, 8.0)
while x > 1
  x = x / 2
end
while x < 2
  x = 2 * x
end
output x

# expect
# tmc: error: no end after 1000 computed numbers: without data they are taken as 1
