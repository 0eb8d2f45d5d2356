# run: tmrun {} -q
# while and repeat over bound numbers.
param n = 100
k = 1
while k < n
  k *= 3
end
print(k)
repeat
  k -= 50
until k < 0
print(k)
while k > 0
  k = 1000
end
print(k)

# expect
# 243
# -7
# -7
