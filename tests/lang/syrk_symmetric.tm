# run: tmrun {} -q
# A tile of the diagonal that is symmetric is updated in one half and
# mirrored.
tile 3
X = rand(7, 5, seed=4)
matrix S(7, 7) is symmetric
for i in 0..trows(X)
  for j in 0..trows(X)
    for k in 0..tcols(X)
      S[i,j] += X[i,k] * X[j,k]'
    end
  end
end
print(norm(S - X * X') < 1e-13, norm(S - S') < 1e-14)
matrix D(7, 7) is symmetric tile 10
Y = retile(X, 10, 10)
D[0,0] += Y[0,0] * Y[0,0]'
print(norm(D - S) < 1e-13, norm(D - D'))

# expect
# 1 1
# 1 0
