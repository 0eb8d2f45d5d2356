# X = A \ B of a symmetric A of which no more is known: by Cholesky where its
# diagonal is positive and no pivot fails, else by LU.
function X = solve_symmetric(A, B)
  definite = sum(real(diag(A)) <= 0) == 0
  if definite
    [L, failures] = chol_try(A)
    definite = failures == 0
  end
  if definite
    X = L' \ (L \ B)
  else
    X = solve_lu(A, B)
  end
end
