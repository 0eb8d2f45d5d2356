# The sum of each column, a row.
function s = colsums(A)
  s = rowsums(A')'
end
