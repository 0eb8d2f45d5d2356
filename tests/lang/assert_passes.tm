# run: tmrun {} -q
# Asserts that hold say nothing.
param n = 3
A = ones(n, n)
assert(n == 3)
assert(sum(A) == 9, "the sum is", sum(A))
assert(norm(A) >= 0 && true)
print("done")

# expect
# done
