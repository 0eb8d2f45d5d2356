# The mean of all entries.
function s = mean(A)
  s = sum(A) / numel(A)
end
