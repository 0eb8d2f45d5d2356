# run: tmrun {} -q
# ceil and floor of log2 of a whole number are exact.
param one = 1
for k in 0..4
  print(ceil(log2(2 ^ (k * 20) + one)), floor(log2(2 ^ (k * 20) + one - 1)), ceil(log2(2 ^ (k * 20) * one)))
end
print(ceil(log2(one)), ceil(log2(one + 1)), ceil(log2(one + 2)), floor(log2(one + 2)))

# expect
# 1 0 0
# 21 20 20
# 41 40 40
# 61 60 60
# 0 1 2 1
