# run: tmrun {} -q
# run: tmrun {} -q --tile 6x7
# run: tmrun {} -q --tile 5
# Tiles of two edges.
tile 3, 4
A = ones(20, 20)
print(trows(A), tcols(A), trows(A'), tcols(A'))

# expect
# 7 5 5 7
# 4 3 3 4
# 4 4 4 4
