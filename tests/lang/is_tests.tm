# run: tmrun {} -q
# `is` asks what the compiler knows, also of a product's parts.
A = spd(4)
B = ones(4, 4)
L = tril(B)
print(A is spd, A is symmetric, B is symmetric, L is lower, L is upper)
print(L' is upper, eye(3) is diagonal, eye(3) is lower & upper, triu(B) is upper)
assume B is symmetric & orthogonal
print(B is symmetric, B is orthogonal & symmetric, B is spd)
function t = known(A is lower)
  t = A is lower
end
print(known(B), chol(A) is lower, chol(A)' is upper)

# expect
# true true false true false
# true true true true
# true true false
# true true true
