"""One potrf; two trsv for the mean; one trsm and squares for the variance
(Rasmussen and Williams 2006, algorithm 2.1)."""
from cases import dot, gemm, potrf, potrs, trsm

TEST = [dict(n=400, m=50), dict(n=353, m=97)]
BENCH = dict(n=2000, m=1000)
OCTAVE = """
A = K + 0.1*eye(rows(K));
mu = S'*inv(A)*y;
v = 1 - sum(S .* (inv(A)*S));"""


def data(random, n, m):
    import numpy as np
    x = np.linspace(0, 1, n)[:, None]
    z = random.random((1, m))
    return dict(K=np.exp(-50 * (x - x.T) ** 2), y=np.sin(9 * x),
                S=np.exp(-50 * (x - z) ** 2))


def naive(np, K, S, y):
    A = K + 0.1 * np.eye(len(K))
    return dict(mu=S.T @ np.linalg.inv(A) @ y,
                v=1 - (S * (np.linalg.inv(A) @ S)).sum(0)[None, :])


def hand(np, blas, lapack, K, S, y):
    A = K.copy(order="F")
    A[np.diag_indices_from(A)] += 0.1
    L = lapack.dpotrf(A, lower=1, overwrite_a=1)[0]
    a = lapack.dpotrs(L, y, lower=1)[0]
    V = blas.dtrsm(1, L, S, lower=1)
    return dict(mu=blas.dgemv(1, S, a, trans=1).reshape(-1, 1),
                v=1 - np.einsum("ij,ij->j", V, V)[None, :])


def flops(n, m):
    return (n + potrf(n) + potrs(n, 1) + gemm(n, m, 1) + trsm(n, m) +
            m * dot(n) + m)
