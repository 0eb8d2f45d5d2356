# run: tmrun {} -q
# Reductions of tiles and of what is computed from tiles.
tile 2
A = [1, 2, 3; 4, 5, 6; 7, 8, 9]
matrix s(1, 1)
matrix p(1, 1)
matrix q(1, 1)
for i in 0..trows(A)
  for j in 0..tcols(A)
    s[0,0] += sum(A[i,j] .* A[i,j])
    p[0,0] = max(p[0,0], max(A[i,j]))
    q[0,0] += sum(A[i,j]') * 2 - trace(A[i,i])
  end
end
print(s, p, q, abs(norm(A) ^ 2 - s) < 1e-12)

# expect
# 285 9 60 1
