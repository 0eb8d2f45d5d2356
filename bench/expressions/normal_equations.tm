# Least squares as in a first course.
input X(m, n)
input y(m, 1)
w = inv(X' * X) * (X' * y)
output w
