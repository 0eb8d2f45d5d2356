# run: tmrun {} -q
# A matrix that is carried, and read by name in the same turn.
param n = 4
A = eye(3)
S = zeros(3, 3)
for i in 0..n
  S += A
  A = A * 2 + S
end
print(trace(S), trace(A), sum(S))

# expect
# 144 348 144
