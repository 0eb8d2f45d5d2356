# run: tmrun {} -q
# run: tmrun {} -q -D n=0 -D low=5
# A name that is assigned here and there: flags in slots and in matrices.
param n = 3
param low = 0
A = ones(2, 2)
s = sum(A)
if s > low
  W = A
  x = s
end
for i in 0..n
  if s > 3 + i
    W = i * A
    x = s + i
  end
  if i == 2
    W = 5 * A
    x = s * 5
  end
end
if n == 0 && low > 3
  W = 7 * A
  x = 2 * s
end
print(sum(W), x)
for i in 0..2
  if i == 1
    z = s
  end
  if s > i
    z = s + 1
  end
end
print(z)
if s > 2
  u = s
end
while n > 100
  u = 2 * s
end
print(u)

# expect
# 20 20
# 5
# 4
# 28 8
# 5
# 4
