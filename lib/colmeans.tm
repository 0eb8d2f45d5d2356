# The mean of each column, a row.
function s = colmeans(A)
  s = colsums(A) / rows(A)
end
