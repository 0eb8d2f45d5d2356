# The standard deviation of all entries, with n - 1.
function s = std(A)
  s = sqrt(var(A))
end
