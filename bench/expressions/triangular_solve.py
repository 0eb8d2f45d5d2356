"""tril(A) \\ B by trsm: n^2 m."""
from cases import trsm

TEST = [dict(n=160, m=90), dict(n=97, m=53)]
BENCH = dict(n=2000, m=1000)
OCTAVE = "X = tril(A)\\B;"


def data(random, n, m):
    import numpy as np
    return dict(A=random.random((n, n)) / n + np.eye(n),
                B=random.random((n, m)))


def naive(np, A, B):
    return dict(X=np.linalg.solve(np.tril(A), B))


def hand(np, blas, lapack, A, B):
    return dict(X=blas.dtrsm(1, A, B, lower=1))


def flops(n, m):
    return trsm(n, m)
