# run: tmrun {} -q
# An if may test what is computed; names are joined behind it.
A = fill(4, 4, 2.0)
if norm(A) > 7.5
  s = 1
  B = A + 1
else
  s = 2.5
  B = A - 1
end
print(s, max(B))
if sum(A) == 31
  B = 0 * B
elseif sum(A) == 32
  B = 2 * B
end
print(max(B))

# expect
# 1 3
# 6
