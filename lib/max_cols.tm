# The largest entry of each column, a row.
function s = max_cols(A)
  s = max_rows(A')'
end
