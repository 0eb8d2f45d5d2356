"""One potrf for both terms, one or two trsv."""
from cases import dot, potrf, potrs

TEST = [dict(n=400), dict(n=353)]
BENCH = dict(n=2500)
OCTAVE = "l = y'*inv(S)*y + 2*sum(log(diag(chol(S))));"


def data(random, n):
    import numpy as np
    G = random.standard_normal((n, n)) / np.sqrt(n)
    return dict(S=G @ G.T + np.eye(n), y=random.standard_normal((n, 1)))


def naive(np, S, y):
    L = np.linalg.cholesky(S)
    return dict(l=y.T @ np.linalg.inv(S) @ y + 2 * np.log(np.diag(L)).sum())


def hand(np, blas, lapack, S, y):
    L = lapack.dpotrf(S, lower=1)[0]
    z = lapack.dpotrs(L, y, lower=1)[0]
    return dict(l=np.vdot(y, z) + 2 * np.log(np.diag(L)).sum())


def flops(n):
    return potrf(n) + potrs(n, 1) + dot(n) + n + n - 1 + 2
