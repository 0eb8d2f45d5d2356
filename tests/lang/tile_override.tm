# run: tmrun {} -q
# run: tmrun {} -q --tile 5
# run: tmc {} --tile 3 -o a.plan && tmrun -q a.plan && tmrun -q a.plan --tile 7
# --tile of tmrun wins over that of tmc, and that over the script; a tile
# clause always holds.
tile 4
A = ones(20, 20)
matrix B(20, 20) tile 10
B[0,0] = 1
print(trows(A), trows(B), tcols(A + B), tcols(B + A))

# expect
# 5 2 5 2
# 4 2 4 2
# 7 2 7 2
# 3 2 3 2
