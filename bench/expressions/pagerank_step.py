"""gemv with alpha = d, which takes n, and beta = 1."""
from cases import gemm

TEST = [dict(n=160), dict(n=397)]
BENCH = dict(n=4000)
OCTAVE = "n = rows(G); q = 0.85*G*p + (1 - 0.85)/n;"


def data(random, n):
    G = random.random((n, n))
    p = random.random((n, 1))
    return dict(G=G / G.sum(0), p=p / p.sum())


def naive(np, G, p):
    n = len(p)
    return dict(q=0.85 * G @ p + (1 - 0.85) / n)


def hand(np, blas, lapack, G, p):
    q = np.full(len(p), (1 - 0.85) / len(p))
    return dict(q=blas.dgemv(0.85, G, p, beta=1, y=q).reshape(-1, 1))


def flops(n):
    return gemm(n, n, 1) + n + 1
