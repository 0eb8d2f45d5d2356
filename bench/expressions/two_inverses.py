"""Two LU factorisations and solves, no inverse."""
from cases import getrf, getrs

TEST = [dict(n=200, m=150), dict(n=97, m=153)]
BENCH = dict(n=1500, m=1000)
OCTAVE = "X = inv(A)*B*inv(C);"


def data(random, n, m):
    import numpy as np
    return dict(A=random.random((n, n)) + 5 * np.sqrt(n) * np.eye(n),
                B=random.random((n, m)),
                C=random.random((m, m)) + 5 * np.sqrt(m) * np.eye(m))


def naive(np, A, B, C):
    return dict(X=np.linalg.inv(A) @ B @ np.linalg.inv(C))


def hand(np, blas, lapack, A, B, C):
    X = lapack.dgesv(A, B)[2]
    lu, p, _ = lapack.dgetrf(C)
    Y = lapack.dgetrs(lu, p, np.asfortranarray(X.T), trans=1)[0]
    return dict(X=Y.T)


def flops(n, m):
    return getrf(n) + getrs(n, m) + getrf(m) + getrs(m, n)
