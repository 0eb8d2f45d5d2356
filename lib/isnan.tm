# 1 where an entry is not a number.
function B = isnan(A)
  B = A != A
end
