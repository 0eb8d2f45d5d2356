# run: tmrun {} -q
# A break where a computed number says so; what was carried stays.
A = fill(2, 2, 1.0)
last = 0
for i in 0..50
  A = 2 * A
  last = i
  if max(A) > 100
    break
  end
end
print(last, max(A))

# expect
# 6 128
