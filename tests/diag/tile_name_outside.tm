# run: tmrun {} -q --tile 2
# status: 1
# A tile that is not there gets no name.
A = ones(3, 3)
T = A[5,0]
print(sum(T))

# expect
# tile_name_outside.tm:5:5: error: A[5,0] reaches out of its matrix: 3 rows in tiles of 2
#     5 | T = A[5,0]
#       |     ^~~~~~
