# The variance of all entries, with n - 1.
function s = var(A)
  s = sum(abs(A - mean(A)).^2) / (numel(A) - 1)
end
