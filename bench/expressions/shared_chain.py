"""A*(B*(x + y)): the sum first, then two products with a vector."""
from cases import gemm

TEST = [dict(m=120, k=90, n=170), dict(m=41, k=253, n=97)]
BENCH = dict(m=2000, k=2000, n=2000)
OCTAVE = "z = A*B*x + A*B*y;"


def data(random, m, k, n):
    return dict(A=random.random((m, k)), B=random.random((k, n)),
                x=random.random((n, 1)), y=random.random((n, 1)))


def naive(np, A, B, x, y):
    return dict(z=A @ B @ x + A @ B @ y)


def hand(np, blas, lapack, A, B, x, y):
    return dict(z=blas.dgemv(1, A, blas.dgemv(1, B, x + y)).reshape(-1, 1))


def flops(m, k, n):
    return n + gemm(k, n, 1) + gemm(m, k, 1)
