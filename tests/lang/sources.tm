# run: tmrun {} -q
# What the built-in matrices hold; two random ones are two, whatever the seed.
tile 2
print(sum(zeros(3, 4)), sum(ones(3, 4)), sum(fill(3, 4, 0.5)), sum(eye(5)), sum(eye(2, 3)))
R = rand(50, 40, seed=3)
N = randn(100, 100, seed=3)
S = spd(6)
print(min(R) >= 0, max(R) < 1, abs(sum(R) / 2000 - 0.5) < 0.05)
print(abs(sum(N) / 10000) < 0.05, abs(norm(N) ^ 2 / 10000 - 1) < 0.1)
print(norm(S - S'), norm(chol(S) * chol(S)' - S) < 1e-12)
print(norm(rand(9, 5, seed=1) - rand(9, 5, seed=1)) > 0.1, norm(rand(9, 5) - rand(9, 5)) > 0.1)
for k in 1..4
  print(sum(fill(2, 2, k / 2)), sum(fill(2, 2, sum(S) * 0 + k)))
end

# expect
# 0 12 6 5 2
# 1 1 1
# 1 1
# 0 1
# 1 1
# 2 4
# 4 8
# 6 12
