# run: printf '1,2\n3,4\n' >data.csv && tmrun {} -q && tmrun -q {} other=data.csv -D name=data.csv
# read is an input that is bound to its file by default; its sizes come from it.
param name = "data.csv"
A = read("data.csv")
other = read(name)
print(rows(A), cols(A), sum(A), sum(A * other))

# expect
# 2 2 10 54
# 2 2 10 54
