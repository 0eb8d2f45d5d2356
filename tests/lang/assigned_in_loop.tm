# run: tmrun {} -q
# A name that a loop assigns is what the last turn made it.
param n = 4
for i in 0..n
  last = i
  B = fill(2, 2, i * 1.0)
end
print(last, sum(B))

# expect
# 3 12
