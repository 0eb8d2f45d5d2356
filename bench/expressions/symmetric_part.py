"""A*B once, with an alpha, which takes n^2, then one pass."""
from cases import gemm

TEST = [dict(n=160, k=110), dict(n=53, k=210)]
BENCH = dict(n=2000, k=2000)
OCTAVE = "S = (A*B + (A*B)')/2;"


def data(random, n, k):
    return dict(A=random.random((n, k)), B=random.random((k, n)))


def naive(np, A, B):
    return dict(S=(A @ B + (A @ B).T) / 2)


def hand(np, blas, lapack, A, B):
    P = blas.dgemm(0.5, A, B)
    return dict(S=P + P.T)


def flops(n, k):
    return gemm(n, n, k) + 2 * n * n
