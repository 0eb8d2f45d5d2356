# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 5
# Matrices and numbers in brackets, in loops too, without bytes where empty.
param k = 3
A = [1, 2; 3, 4]
B = [A, A'; A(0, :), k, sum(A)]
print(rows(B), cols(B), sum(B), B(0,2), B(1,2), B(2,3))
E = [zeros(0, 2); A]
print(rows(E), sum(E - A))
v = zeros(3, 1)
for i in 0..3
  v = [v(1..3); i + 1]
end
print(v(0), v(1), v(2))
F = [ones(1, 2, type=f32), 0.5]
print(sum(F))

# expect
# 3 4 36 1 2 10
# 2 0
# 1 2 3
# 2.5
# 3 4 36 1 2 10
# 2 0
# 1 2 3
# 2.5
