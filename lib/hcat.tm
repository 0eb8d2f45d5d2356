# A and B beside each other.
function C = hcat(A, B)
  C = [A, B]
end
