# A and B, one above the other.
function C = vcat(A, B)
  C = [A; B]
end
