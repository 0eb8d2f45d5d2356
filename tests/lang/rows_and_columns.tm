# run: tmrun {} -q --tile 1
# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 9
# Reductions of rows and columns: ties, NaN, empty matrices, f32, tiles.
A = [3, 1, 1, 2; nan, 0, nan, 5]
a = argmin_rows(A)
b = argmax_rows(A)
c = argmin_cols(A)
print(a(0), a(1), b(0), b(1), c(0), c(1), c(3))
m = min_rows(A)
x = max_cols(A)
print(m(0), m(1), x(0), x(3))
print(sum(rowsums(ones(3, 0))), cols(colsums(ones(0, 4))))
f = rowsums(fill(2, 3, 0.5, type=f32))
print(f(0))
t = trows(A)
matrix s(rows(A), tcols(A)) tile tile_rows(A), 1
for i in 0..t
  for j in 0..tcols(A)
    s[i,j] = rowsums(A[i,j] .* A[i,j])
  end
end
r = rowsums(s)
print(r(0))
print(mean([1, 2; 3, 6]), dot([1; 2], [3; 4]))

# expect
# 1 0 0 0 1 1 0
# 1 nan nan 5
# 0 4
# 1.5
# 15
# 3 11
# 1 0 0 0 1 1 0
# 1 nan nan 5
# 0 4
# 1.5
# 15
# 3 11
# 1 0 0 0 1 1 0
# 1 nan nan 5
# 0 4
# 1.5
# 15
# 3 11
