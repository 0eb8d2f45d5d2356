"""ger twice, in one copy of A: 4 m n."""
from cases import gemm

TEST = [dict(m=160, n=90), dict(m=97, n=153)]
BENCH = dict(m=3000, n=3000)
OCTAVE = "B = A + u*v' - x*y';"


def data(random, m, n):
    return dict(A=random.random((m, n)), u=random.random((m, 1)),
                v=random.random((n, 1)), x=random.random((m, 1)),
                y=random.random((n, 1)))


def naive(np, A, u, v, x, y):
    return dict(B=A + u @ v.T - x @ y.T)


def hand(np, blas, lapack, A, u, v, x, y):
    B = blas.dger(1, u, v, a=A)
    return dict(B=blas.dger(-1, x, y, a=B, overwrite_a=1))


def flops(m, n):
    return 2 * gemm(m, n, 1)
