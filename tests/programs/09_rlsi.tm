# Alternating least squares with ridge terms: the core of RLSI and of collaborative filtering.
param k = 50
param lam = 0.1
param tol = 1e-4
param maxit = 100
input D(terms, docs) is sparse
U = rand(terms, k, seed=7)
f = inf
it = 0
repeat
  it += 1
  f_old = f
  V = (U'*U + lam*eye(k)) \ (U'*D)        # k x docs
  U = ((V*V' + lam*eye(k)) \ (V*D'))'     # terms x k
  f = normf(D - U*V)^2                    # never forms U*V: trace identity rewrite
until f_old - f <= tol * f || it >= maxit
output U, V
