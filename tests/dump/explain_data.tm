# run: tmc --explain --tile 2
# What data decide: loops have one turn, branches are both counted.
x = fill(3, 1, 8.0)
n = 3
while norm(x) > 1
  if sum(x) > 4
    x = x / 2
  else
    x = x - 1 + abs(x)
  end
  if max(x) < 100
    x = x + 3
  else
    break
  end
  k = 0
  while k < n
    x = x + 1
    k += 1
  end
end
assert(sum(x) > 0)
assert(n > 7, "never said here")
output x

# expect
# explain_data.tm: tiles 2 x 2
#
#     5 | while norm(x) > 1
#       | 6 flop, 80 B: 2 norm, 2 map
#       | in a loop that data end: one turn is counted
#     6 |   if sum(x) > 4
#       | 19 flop, 144 B: 2 sum, 4 map
#       | in a loop that data end: one turn is counted
#     7 |     x = x / 2
#       | merged: x -> x / 2
#       |     0 flop -> 3 flop, 0 B -> 48 B
#     9 |     x = x - 1 + abs(x)
#       | merged: x -> x - 1 + abs(x)
#       |     0 flop -> 9 flop, 0 B -> 72 B
#    11 |   if max(x) < 100
#       | 4 flop, 80 B: 2 max, 2 map
#       | in a loop that data end: one turn is counted
#    12 |     x = x + 3
#       | 3 flop, 48 B: 2 map
#       | in a loop that data end: one turn is counted
#       | in a branch that data choose: each branch is counted
#    18 |     x = x + 1
#       | 9 flop, 144 B: 6 map
#       | in a loop that data end: one turn is counted
#    22 | assert(sum(x) > 0)
#       | 4 flop, 88 B: 2 sum, 2 map, 1 check
#    24 | output x
#       | 0 flop, 24 B: 2 store
#
# total: 45 flop, 608 B: 29 tasks
