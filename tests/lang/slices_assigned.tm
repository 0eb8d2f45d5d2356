# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 5
# Entries and slices that are assigned: other names keep what they have, the
# right side is what was before, and a loop carries the matrix.
A = zeros(4, 4)
B = A
A(0, 0) = 1
A(1..3, 2..4) = [1, 2; 3, 4]
A(3, :) = 5
A(:, 0) = A(0, :)'
print(sum(A), A(1,3), A(3,0), A(0,0), sum(B))
A(0..3, :) = A(1..4, :)
print(sum(A), A(2,3), A(0,2))
A(0..2, 0..2) = A(0..2, 0..2)'
A += 1
for i in 0..4
  A(i, i) = i * 10
  A(0, i) += sum(A(i, :))
end
print(sum(A), A(0,3), A(3,3))
if sum(A) > 0
  A(2, 2) = true
else
  B(0, 0) = 1
end
print(A(2,2), sum(B))
C = eye(3)
D = C'
C(0, 2) = 4
print(C is lower, D is lower, sum(C), sum(D))

# expect
# 26 2 0 1 0
# 40 5 1
# 204 46 30
# 1 0
# false true 7 3
# 26 2 0 1 0
# 40 5 1
# 204 46 30
# 1 0
# false true 7 3
