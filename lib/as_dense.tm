# The same matrix: all are stored dense.
function B = as_dense(A)
  B = A
end
