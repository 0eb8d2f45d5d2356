# run: tmrun {} -q
# A(i,j) counts from 0; one index is for row and column vectors; an element
# is a computed number.
tile 2
A = [1, 2, 3; 4, 5, 6; 7, 8, 9; 10, 11, 12]
r = [10, 20, 30]
c = [1; 2; 3; 4]
print(A(0, 0), A(3, 2), A(2, 1), A(rows(A) - 1, 0))
print(r(2), c(3), r(0, 1), c(2, 0))
s = A(1, 1) + r(0) * 2
print(s, A(0, 1)', sqrt(c(3)))
for i in 0..rows(c)
  print(i, c(i), A(i, 2))
end
T = A'
print(T(2, 3), A'(2, 3), (A * r')(1), (A + 1)(0, 0))

# expect
# 1 12 8 10
# 30 4 20 3
# 25 2 2
# 0 1 3
# 1 2 6
# 2 3 9
# 3 4 12
# 12 12 320 2
