# run: tmrun {} -q
# A tile that is its own sum and another: twice, with no loop round it.
A = ones(3, 3)
matrix C(3, 3)
C[0,0] = C[0,0] + A[0,0]
C[0,0] = C[0,0] + A[0,0]
print(min(C), max(C))

# expect
# 2 2
