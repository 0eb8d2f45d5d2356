# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 3
# Results of a function go to tiles, slices and entries.
function [D, s] = split(A)
  D = 2 * A
  s = sum(A)
end
A = reshape(cumsum(ones(16, 1)), 4, 4)
matrix L(4, 4)
[L[0,0], p] = split(A[0,0])
print(L(0,0), L(1,1), p)
B = zeros(4, 4)
[B(0..2, 1..3), B(3, 3)] = split(A(0..2, 0..2))
print(B(0,1), B(1,2), B(3,3), sum(B))
[B[0,0], _] = split(A[0,0]')
print(B(0,1), B(1,0))
[v, B(0, 0)] = split(A(:, 0)')
print(cols(v), B(0,0))

# expect
# 2 12 14
# 2 12 14 42
# 4 10
# 4 10
# 2 12 54
# 2 12 14 42
# 4 10
# 4 10
