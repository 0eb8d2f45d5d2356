# Is no entry 0?  1 or 0.
function s = all(A)
  s = sum(A == 0) == 0
end
