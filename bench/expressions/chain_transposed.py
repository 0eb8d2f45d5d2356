"""(A*B)'*x: B'*(A'*x), no product of matrices and no transpose."""
from cases import gemm

TEST = [dict(m=120, k=90, n=70), dict(m=41, k=53, n=97)]
BENCH = dict(m=2000, k=2000, n=2000)
OCTAVE = "g = (A*B)'*x;"


def data(random, m, k, n):
    return dict(A=random.random((m, k)), B=random.random((k, n)),
                x=random.random((m, 1)))


def naive(np, A, B, x):
    return dict(g=(A @ B).T @ x)


def hand(np, blas, lapack, A, B, x):
    y = blas.dgemv(1, A, x, trans=1)
    return dict(g=blas.dgemv(1, B, y, trans=1).reshape(-1, 1))


def flops(m, k, n):
    return gemm(m, k, 1) + gemm(k, n, 1)
