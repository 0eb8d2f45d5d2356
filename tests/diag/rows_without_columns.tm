# run: tmrun {} -q
# status: 1
# The smallest of no entries.
A = ones(3, 0)
print(sum(rowsums(A)), sum(colsums(A)))
print(sum(argmin_rows(A)))

# expect
# 0 0
# rows_without_columns.tm:6:11: error: argmin_rows of a matrix without columns
#     6 | print(sum(argmin_rows(A)))
#       |           ^~~~~~~~~~~~~~
# note: in argmin_rows of the library (lib/argmin_rows.tm:5)
