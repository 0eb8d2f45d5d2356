# run: tmrun {} -q
# A tile of a declared matrix that was never written reads as zero.
tile 2
matrix C(5, 5)
C[1,0] = 3
print(sum(C), C(0, 0), C(2, 1), C(4, 4), norm(C), max(C), min(C))
print(sum(C * ones(5, 1)), sum(C'), trace(C + eye(5)))

# expect
# 12 0 3 0 6 3 0
# 12 12 5
