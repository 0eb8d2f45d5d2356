# run: printf '1,2\n3,4\n5,6\n' >a.csv; tmrun {} A=a.csv
# status: 1
# A file whose sizes are not those of the script.
param n = 4
input A(n, 2)
print(sum(A))

# expect
# run_input_shape.tm:5:7: error: input A is 3 x 2; the script wants 4 rows
#     5 | input A(n, 2)
#       |       ^
