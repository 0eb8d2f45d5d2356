# run: tmrun {} -q --tile 2
# A tile clause holds for what the name is assigned later.
A = rand(6, 6)
matrix B(6, 6) tile 3, 6
B = A
print(trows(B), tcols(B), norm(B - A))
B = A * A
print(trows(B), tcols(B))
for i in 0..2
  B = B + A
end
if sum(A) > 1
  B = A
end
print(trows(B), tcols(B), norm(B - A))
C = B
print(trows(C), trows(2 * A))

# expect
# 2 1 0
# 2 1
# 2 1 0
# 2 3
