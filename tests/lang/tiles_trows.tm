# run: tmrun {} -q
# Sizes in entries and in tiles; the last tiles may be smaller, and an edge
# beyond the matrix means one tile.
tile 4
A = ones(10, 8)
matrix B(10, 8) tile 3, 100
B[0,0] = 1
print(rows(A), cols(A), trows(A), tcols(A), numel(A))
print(trows(B), tcols(B), trows(A'), tcols(A'), tile_rows(B), tile_cols(B))
E = ones(0, 5)
print(rows(E), trows(E), tcols(E), numel(E), sum(E))

# expect
# 10 8 3 2 80
# 4 1 2 3 3 100
# 0 0 2 0 0
