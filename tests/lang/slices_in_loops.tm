# run: tmrun {} -q --tile 3
# Where a slice begins may hang on loops; sizes that only seem to may too.
param b = 2
param n = 8
A = rand(n, n)
s = 0
for k in 0..ceildiv(n, b) step 1
  s += sum(A(k*b..(k+1)*b, :)) + sum(A(:, k*b..k*b+b))
end
print("all, twice:", abs(s - 2 * sum(A)) < 1e-12)
d = 0
for i in 1..n
  for j in 0..i
    d += sum(A(i - j..i - j + 1, 2*i - i - j..i - j + 1))
  end
end
e = 0
for i in 1..n
  e += (n - i) * A(i,i)
end
print("weighted diagonal:", abs(d - e) < 1e-12)

# expect
# all, twice: 1
# weighted diagonal: 1
