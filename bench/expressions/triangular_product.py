"""tril(A)*B by trmm: half of a product, n^2 m."""
from cases import trsm

TEST = [dict(n=160, m=90), dict(n=97, m=53)]
BENCH = dict(n=2000, m=2000)
OCTAVE = "C = tril(A)*B;"


def data(random, n, m):
    return dict(A=random.random((n, n)), B=random.random((n, m)))


def naive(np, A, B):
    return dict(C=np.tril(A) @ B)


def hand(np, blas, lapack, A, B):
    return dict(C=blas.dtrmm(1, A, B, lower=1))


def flops(n, m):
    return trsm(n, m)
