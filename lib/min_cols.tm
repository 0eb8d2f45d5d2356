# The smallest entry of each column, a row.
function s = min_cols(A)
  s = min_rows(A')'
end
