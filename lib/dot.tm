# The inner product of two vectors (of two matrices: of all entries).
function s = dot(x, y)
  s = sum(conj(x) .* y)
end
