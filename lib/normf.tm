# Another name of the Frobenius norm.
function s = normf(A)
  s = norm(A)
end
