# Is an entry not 0?  1 or 0.
function s = any(A)
  s = sum(A != 0) > 0
end
