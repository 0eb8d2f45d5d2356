# The mean of each row, a column.
function s = rowmeans(A)
  s = rowsums(A) / cols(A)
end
