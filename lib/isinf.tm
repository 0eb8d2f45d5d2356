# 1 where an entry is infinite.
function B = isinf(A)
  B = abs(A) == inf
end
