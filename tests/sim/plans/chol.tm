tile 4
R = rand(24, 24)
S = R * R' + 24 * eye(24)
L = chol(S)
x = S \ rand(24, 3)
output L, x
