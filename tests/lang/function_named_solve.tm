# run: tmrun {} -q
# A function of the script that is called as the library's behind an operator
# replaces no operator.
tile 2
function x = solve(A, b)
  L = chol(A)
  x = 2 * (L' \ (L \ b))
end
function C = matmul(A, B)
  C = A * B + 1
end
A = spd(5)
b = ones(5, 1)
print(norm(A * (A \ b) - b) < 1e-14, norm(A * solve(A, b) - 2 * b) < 1e-14)
print(norm(matmul(A, b) - A * b - 1) < 1e-13)

# expect
# 1 1
# 1
