# Longley's regression of 1967, a test of least squares programs: 16 years of
# employment explained by six nearly collinear series.  The normal equations
# square the condition number, so half of the sixteen digits are lost.
# Run it in this folder.
tile 16
X = read("data/longley_x.csv")  # 16 x 7, first column ones
y = read("data/longley_y.csv")  # 16 x 1
certified = read("data/longley_certified.csv")
b = X' * y
L = chol(X' * X)
b[0,0] = trsm(L[0,0], b[0,0])              # L * z = X'y
b[0,0] = trsm(L[0,0], b[0,0], trans=true)  # L' * b = z
for k in 0..rows(b)
  print("coefficient", k, "is", b(k, 0), "certified", certified(k, 0))
end
digits = -log(max(abs(b - certified) ./ abs(certified))) / log(10)
print("digits that survive:", digits)
assert(digits > 6, "too few digits survive")
output b
