# run: tmrun {} -q
# Products of products, transposed products and sums of them in one tile
# statement, in tiles that are not square.
tile 2, 3
A = rand(5, 7, seed=1)
B = retile(rand(7, 4, seed=2), 3, 2)
D = retile(rand(4, 5, seed=3), 2, 2)
matrix C(5, 5) tile 2, 2
matrix S(4, 5) tile 2, 2
for i in 0..trows(C)
  for j in 0..tcols(C)
    for k in 0..tcols(A)
      for l in 0..tcols(B)
        C[i,j] += A[i,k] * B[k,l] * D[l,j]
      end
    end
  end
end
for i in 0..trows(S)
  for j in 0..tcols(S)
    for k in 0..tcols(A)
      S[i,j] += (A[j,k] * B[k,i])' + 0 * D[i,j]
    end
  end
end
print(norm(C - A * B * D) < 1e-14, norm(S - (A * B)') < 1e-14)

# expect
# 1 1
