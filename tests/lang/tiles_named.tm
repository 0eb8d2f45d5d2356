# run: tmrun {} -q
# Tiles with names, as arguments of functions, and as parts of brackets.
function s = twice(T)
  s = 2 * sum(T) + rows(T)
end
param n = 5
tile 2
A = fill(n, n, 1)
T = A[2,0]
U = A[0,2]'
print(rows(T), cols(T), rows(U), cols(U), twice(A[2,1]))
T[0,0] = 3 * T[0,0]
print(sum(T), sum(A))
for k in 0..2
  s = sum(A[k,2])
  print(s)
end
B = [A[0,0], A[0,2]]
print(cols(B))

# expect
# 1 2 1 2 5
# 6 25
# 2
# 2
# 3
