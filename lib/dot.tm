# The inner product of two vectors (of two matrices: of all entries); x is
# conjugated.
function s = dot(x, y)
  s = sum(conj(x) .* y)
end
