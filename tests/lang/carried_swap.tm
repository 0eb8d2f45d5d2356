# run: tmrun {} -q
# Names that take each other's values in a loop: numbers and matrices.
param n = 5
a = 0
b = 1
A = fill(2, 2, 1.0)
B = fill(2, 2, 5.0)
for i in 0..n
  t = a + b
  a = b
  b = t
  T = A
  A = B
  B = T
end
print(a, b, max(A), max(B))

# expect
# 5 8 5 1
