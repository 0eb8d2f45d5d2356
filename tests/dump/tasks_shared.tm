# run: tmc --emit=tasks --tile 4 {} | grep -c getrf
# run: tmc --emit=tasks --tile 4 --no-optimise {} | grep -c getrf
# One LU of A for two solves, a determinant and a loop; one of B in each turn of
# its loop.
A = rand(4, 4) + 0
b = rand(4, 1)
x = A \ b
y = A \ ones(4, 2)
d = det(A)
for i in 0..10
  x = A \ x
end
for i in 0..10
  B = A + i * eye(4)
  x = B \ x + B \ b
end
output x, y, d

# expect
# 11
# 33
