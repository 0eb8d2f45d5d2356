# run: tmrun {} -q && cat twice.mtx && tmrun -q {} -D name=other.csv && cat other.csv
# write makes a file at the end of the run; its kind follows from its name.
param name = "x.npy"
A = [1, 2; 3, 4.5]
write(A, name)
write(2 * A, "twice.mtx")
print(sum(A))

# expect
# 10.5
# %%MatrixMarket matrix array real general
# 2 2
# 2
# 6
# 4
# 9
# 10.5
# 1,2
# 3,4.5
