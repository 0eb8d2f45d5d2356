# run: tmrun {} -q
# What follows for an expression from what is known of its parts.
param lam = 2
X = rand(6, 3)
S = spd(3)
print(X'*X is symmetric, X'*X is psd, X'*X is spd, X*X' is psd, X*S*X' is symmetric)
print(X*S*X' is psd, X'*X + S is spd, X'*X + lam*eye(3) is spd, X'*X - lam*eye(3) is spd)
print(2*S is spd, S/2 is spd, -S is spd, -S is symmetric, S + 1 is symmetric, S .* S is symmetric)
L = tril(rand(3, 3))
print(L*L is lower, L + L' is lower, 3*L is lower, exp(L) is lower, L .* S is lower, inv(L) is lower)
print(eye(3) is spd, eye(3) is orthogonal, diag([1; 2]) * diag([3; 4]) is diagonal, inv(S) is spd)
# assigning a tile or an entry ends what was inferred
G = X'*X
H = G
G[0,0] = 2 * G[0,0]
H(0, 1) = 5
print(G is symmetric, H is symmetric, X'*X is symmetric)
# what holds at the head of a loop holds in every turn
A = spd(3)
B = spd(3)
for i in 0..2
  print(A is spd, B is symmetric)
  A = A + S
  B = B * S
end

# expect
# true true false true true
# true true true false
# true true false true true true
# true false true false true true
# true true true true
# false false true
# true false
# true false
