# The row of the first smallest entry of each column, a row.
function s = argmin_cols(A)
  s = argmin_rows(A')'
end
