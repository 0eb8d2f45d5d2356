# Temporaries that are released long before the end, tiles that share a
# version, a matrix that is transposed and retiled on its way.
tile 4
A = rand(15, 15)
B = A
for k in 0..6
  B = tril(B) + A' * B / 8
  if k == 3
    print("half", sum(B) > 0)
  end
end
matrix C(15, 15) tile 6, 3
C = B'
D = C * A - B
output D
