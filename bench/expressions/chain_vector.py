"""A*B*x from the right: two products with a vector."""
from cases import gemm

TEST = [dict(m=120, k=90, n=70), dict(m=41, k=53, n=97)]
BENCH = dict(m=2000, k=2000, n=2000)
OCTAVE = "y = A*B*x;"


def data(random, m, k, n):
    return dict(A=random.random((m, k)), B=random.random((k, n)),
                x=random.random((n, 1)))


def naive(np, A, B, x):
    return dict(y=A @ B @ x)


def hand(np, blas, lapack, A, B, x):
    return dict(y=blas.dgemv(1, A, blas.dgemv(1, B, x)).reshape(-1, 1))


def flops(m, k, n):
    return gemm(k, n, 1) + gemm(m, k, 1)
