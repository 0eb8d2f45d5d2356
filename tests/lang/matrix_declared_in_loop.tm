# run: tmrun {} -q
# A matrix that is declared in a loop is zero again in each turn.
param n = 3
tile 2
total = 0
for k in 0..n
  matrix C(4, 4)
  C[0,1] += k + 1
  C[1,1] = C[0,1] + 1
  total = total + sum(C)
  print(k, sum(C))
end
print(total)

# expect
# 0 12
# 1 20
# 2 28
# 60
