# run: tmrun {} -q
# break leaves the innermost loop, continue its turn.
param n = 10
s = 0
for i in 0..n
  if mod(i, 2) == 1
    continue
  end
  if i > 6
    break
  end
  s += i
  for j in 0..n
    if j == 2
      break
    end
    s += 100
  end
end
print(s)
k = 0
while true
  k += 1
  if k < 5
    continue
  end
  break
end
print(k)

# expect
# 812
# 5
