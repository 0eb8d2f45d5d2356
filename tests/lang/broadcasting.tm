# run: tmrun {} -q
# Numbers, rows and columns stretch to the size of what they meet.
tile 2
A = [1, 2, 3; 4, 5, 6]
r = [10, 20, 30]
c = [100; 200]
print(sum(A + 1), sum(1 - A), sum(A + r), sum(c + A), sum(r + c))
B = r + c
print(rows(B), cols(B), B(0, 0), B(1, 2))
print(sum(A .* r), sum(A ./ c * 200), sum(max(A, 4)), sum(r .^ 2), sum(2 .^ A))
matrix D(2, 3)
for j in 0..tcols(A)
  D[0,j] = A[0,j] .* r[0,j] + c[0,0]
end
print(D(0, 0), D(1, 2))

# expect
# 27 -15 141 921 1020
# 2 3 110 230
# 460 27 27 1400 126
# 110 380
