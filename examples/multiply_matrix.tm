# The same as multiply.tm, on whole matrices; it unfolds to the same tasks.
param n = 400
tile 100
A = fill(n, n, 1.0)
B = fill(n, n, 2.0)
C = A * B
assert(min(C) == max(C), "the entries of C differ")
print("every entry of C is", max(C))
output C
