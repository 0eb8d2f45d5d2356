# The covariances of the columns, with rows - 1.
function C = cov(X)
  D = X - colmeans(X)
  C = D' * D / (rows(X) - 1)
end
