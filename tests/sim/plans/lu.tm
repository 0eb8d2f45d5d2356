# Panels, row swaps: operands that are runs of tiles.
tile 5
A = randn(22, 22)
x = A \ rand(22, 4)
print("residual is small:", norm(A * x - rand(22, 4)) < 100)
output x
