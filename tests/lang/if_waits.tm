# run: tmc --emit=graph {} | grep -c fetch
# run: tmrun {} -q
# Where a side costs work, can fail, or only has numbers, the walk waits.
A = [1, 2; 3, 4]
s = sum(A)
if s > 5
  B = A * A
else
  B = A
end
k = 1
if s > 5
  k = 2
end
if s > 5
  print("more")
end
C = ones(2, 2, type=f32)
if s > 5
  C = 2 * C
end
print(sum(B), k, sum(C))

# expect
# 4
# more
# 54 2 8
