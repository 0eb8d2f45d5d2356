"""Eight products with a vector instead of seven with matrices."""
from cases import gemm

TEST = [dict(n=160), dict(n=97)]
BENCH = dict(n=2000)
OCTAVE = "y = A*A*A*A*A*A*A*A*x;"


def data(random, n):
    return dict(A=random.random((n, n)) * 2 / n, x=random.random((n, 1)))


def naive(np, A, x):
    return dict(y=A @ A @ A @ A @ A @ A @ A @ A @ x)


def hand(np, blas, lapack, A, x):
    for _ in range(8):
        x = blas.dgemv(1, A, x)
    return dict(y=x.reshape(-1, 1))


def flops(n):
    return 8 * gemm(n, n, 1)
