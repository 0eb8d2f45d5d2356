"""potrf, one trsm with the centred rows, sums of squares."""
from cases import dot, potrf, trsm

TEST = [dict(m=1500, n=60), dict(m=911, n=53)]
BENCH = dict(m=10000, n=500)
OCTAVE = "d = sqrt(sum((X - mu)*inv(S) .* (X - mu), 2));"


def data(random, m, n):
    import numpy as np
    G = random.standard_normal((n, n)) / np.sqrt(n)
    return dict(X=random.standard_normal((m, n)), mu=random.random((1, n)),
                S=G @ G.T + np.eye(n))


def naive(np, X, mu, S):
    d = ((X - mu) @ np.linalg.inv(S) * (X - mu)).sum(1)
    return dict(d=np.sqrt(d)[:, None])


def hand(np, blas, lapack, X, mu, S):
    L = lapack.dpotrf(S, lower=1)[0]
    Z = blas.dtrsm(1, L, X - mu, lower=1, side=1, trans_a=1)
    return dict(d=np.sqrt(np.einsum("ij,ij->i", Z, Z))[:, None])


def flops(m, n):
    return potrf(n) + m * n + trsm(n, m) + m * dot(n) + m
