# The same matrix: all are stored dense.
function B = as_sparse(A)
  B = A
end
