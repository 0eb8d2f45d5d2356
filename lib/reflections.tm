# Columns of the tiles of reflections that hetrd and gebrd give for an n x n
# tile.
function c = reflections(n)
  g = ceildiv(n - 1, 32) + 1
  c = n + 129 + ceildiv(6144 * floor(g * g / 4), n)
end
