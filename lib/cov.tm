# The covariances of the columns, with rows - 1: C(i, j) is of column i and of
# column j conjugated.
function C = cov(X)
  D = X - colmeans(X)
  C = conj(D' * D) / (rows(X) - 1)
end
