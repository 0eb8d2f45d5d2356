# run: tmc --emit=expr
# Names, types and shapes are known; nothing is computed or ordered yet.
param n = 6
input A(m, n)
B = A' * A + 2 * eye(n)
s = sum(B) / n
if n > 4
  B = B .* 2
end
output B, s

# expect
# B = (+ (* (' A) A) (.* 2 eye))  # n x n
# s = (./ (sum B) n)  # 1 x 1
# if 4 < n
#   B = (.* B 2)  # n x n
#   B = B  # n x n
# else
#   B = B  # n x n
# store B
# store s
