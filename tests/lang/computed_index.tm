# run: tmrun {} -q --tile 2
# run: tmrun {} -q --tile 3 --threads 2
# run: tmrun {} -q --tile 9
# Numbers that come from data as index, slice, bound and step of a loop.
param n = 7
A = rand(n, 5)
v = floor(10 * rand(4, 1)) * 0 + [3; 0; 2; 4]
s = 0
d = 0
for i in 0..rows(v)
  k = v(i)
  s += A(k, 1) + sum(A(k..k+2, 0..3))
end
s -= A(3, 1) + A(0, 1) + A(2, 1) + A(4, 1)
s -= sum(A(3..5, 0..3)) + sum(A(0..2, 0..3)) + sum(A(2..4, 0..3)) + sum(A(4..6, 0..3))
k = sum(v) - 6
print(k, abs(s) < 1e-12)
t = 0
for i in k - 1..2*k step k - 1
  t += i
end
print(t)
C = A
C(k, argmax_rows(v')(0)) = 100
print(C(3, 3), max(C))
C(k - 3..k, 2) = [7; 8; 9]
print(C(0, 2), C(2, 2))
i = v(2)
repeat
  i += 1
  d += A(i, i - 1) * i
until i == 4
print(abs(d - 3 * A(3, 2) - 4 * A(4, 3)) < 1e-14)

# expect
# 3 1
# 6
# 100 100
# 7 9
# 1
# 3 1
# 6
# 100 100
# 7 9
# 1
# 3 1
# 6
# 100 100
# 7 9
# 1
