# A step of PageRank.
param d = 0.85
input G(n, n)
input p(n, 1)
q = d * G * p + (1 - d) / n
output q
