# The row of the first largest entry of each column, a row.
function s = argmax_cols(A)
  s = argmax_rows(A')'
end
