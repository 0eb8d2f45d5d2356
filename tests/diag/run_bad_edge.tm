# run: tmrun {}
# status: 1
# A tile edge of 0.
param b = 0
A = ones(3, 3)
matrix C(3, 3) tile b
C[0,0] = 1
print(sum(C))

# expect
# run_bad_edge.tm:5:1: warning: A is assigned and nowhere used [unused]
#     5 | A = ones(3, 3)
#       | ^
# run_bad_edge.tm:6:8: error: C has 0 rows in a tile
#     6 | matrix C(3, 3) tile b
#       |        ^
