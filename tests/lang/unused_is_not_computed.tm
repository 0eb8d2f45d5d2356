# run: tmrun {} -q
# What nothing reads is not computed: the factor would fail.
A = -1 * eye(3)
L = chol(A)
print("fine")

# expect
# fine
