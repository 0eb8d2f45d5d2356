# run: tmrun {} -q
# while and repeat over computed numbers, and a number of turns with it.
A = fill(3, 3, 8.0)
turns = 0
while max(A) > 1
  A = 0.5 * A
  turns += 1
end
print(turns, max(A))
repeat
  A = A + 1
  turns += 1
until sum(A) > 30 || turns >= 100
print(turns, max(A))
x = sum(A)
while x > 1
  x = x / 2
end
print(x)

# expect
# 3 1
# 6 4
# 0.5625
