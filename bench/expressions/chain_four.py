"""A*B*C*D with thin matrices between: ((A*(B*C))*D."""
from cases import gemm

TEST = [dict(m=200, k=30, n=220, l=20, q=190),
        dict(m=90, k=11, n=130, l=10, q=80)]
BENCH = dict(m=3000, k=300, n=3000, l=200, q=3000)
OCTAVE = "E = A*B*C*D;"


def data(random, m, k, n, l, q):
    return dict(A=random.random((m, k)), B=random.random((k, n)),
                C=random.random((n, l)), D=random.random((l, q)))


def naive(np, A, B, C, D):
    return dict(E=A @ B @ C @ D)


def hand(np, blas, lapack, A, B, C, D):
    return dict(E=blas.dgemm(1, blas.dgemm(1, A, blas.dgemm(1, B, C)), D))


def flops(m, k, n, l, q):
    return gemm(k, l, n) + gemm(m, l, k) + gemm(m, q, l)
