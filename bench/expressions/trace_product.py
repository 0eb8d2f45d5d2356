"""sum(A .* B'): each entry of both once, 2 m n - 1."""
from cases import dot

TEST = [dict(m=160, n=190), dict(m=97, n=353)]
BENCH = dict(m=2000, n=2000)
OCTAVE = "t = trace(A*B);"


def data(random, m, n):
    return dict(A=random.random((m, n)), B=random.random((n, m)))


def naive(np, A, B):
    return dict(t=np.trace(A @ B))


def hand(np, blas, lapack, A, B):
    return dict(t=np.einsum("ij,ji->", A, B))


def flops(m, n):
    return dot(m * n)
