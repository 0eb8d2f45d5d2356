# run: tmrun {} -q
# B = A is a value: changing a tile of one leaves the other.
tile 2
A = ones(4, 4)
B = A
B[0,0] = 5 * A[0,0]
print(sum(A), sum(B))
C = A
A[1,1] = B[0,0]
D = A
A = 0 * A
print(sum(A), sum(B), sum(C), sum(D))
T = D'
D[0,1] = 7
print(sum(T), sum(D), T(2, 0), D(0, 2))

# expect
# 16 32
# 0 32 16 32
# 32 56 1 7
