# run: tmrun {} -q
# A carried number becomes real where a turn makes it real, and computed
# where a turn computes it.
param n = 3
x = 1
y = 1
for i in 0..n
  x = x / 2
  y = y + sum(fill(2, 2, 1.0))
end
print(x, y)
for i in 0..0
  x = 7
end
print(x)

# expect
# 0.125 13
# 0.125
