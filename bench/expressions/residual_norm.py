"""gemv with beta = -1, which takes m, and nrm2."""
from cases import gemm, nrm2

TEST = [dict(m=160, n=90), dict(m=397, n=153)]
BENCH = dict(m=5000, n=3000)
OCTAVE = "r = norm(A*x - y);"


def data(random, m, n):
    return dict(A=random.random((m, n)), x=random.random((n, 1)),
                y=random.random((m, 1)))


def naive(np, A, x, y):
    return dict(r=np.linalg.norm(A @ x - y))


def hand(np, blas, lapack, A, x, y):
    return dict(r=blas.dnrm2(blas.dgemv(1, A, x, beta=-1, y=y[:, 0])))


def flops(m, n):
    return gemm(m, n, 1) + m + nrm2(m)
