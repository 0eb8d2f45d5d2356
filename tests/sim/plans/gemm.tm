# Products in chains over k.
tile 4
A = rand(17, 30)
B = randn(30, 19)
C = A * B + 1
output C
