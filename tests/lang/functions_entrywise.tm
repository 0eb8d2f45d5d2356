# run: tmrun {} -q
# Entrywise functions of matrices.
A = [-1.5, 0, 2.5; 4, -0.5, 0.25]
print(sum(abs(A)), sum(floor(A)), sum(ceil(A)), sum(round(A)), sum(sign(A)))
print(sum(sqrt(abs(A) .* abs(A))), sum(exp(0 * A)), sum(log(ones(3, 3))))
print(sum(cos(0 * A)), sum(sin(0 * A)), sum(tanh(0 * A)), sum(hypot(A, 0 * A)))
print(sum(-A), sum(A .^ 2), abs(sum(log(exp(A))) - 4.75) < 1e-14)

# expect
# 8.75 3 7 4 1
# 8.75 6 0
# 6 0 0 8.75
# -4.75 24.8125 1
