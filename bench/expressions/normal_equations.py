"""syrk, gemv, potrf and two trsv."""
from cases import gemm, potrf, potrs, syrk

TEST = [dict(m=900, n=110), dict(m=700, n=53)]
BENCH = dict(m=10000, n=1000)
OCTAVE = "w = inv(X'*X)*(X'*y);"


def data(random, m, n):
    return dict(X=random.standard_normal((m, n)),
                y=random.standard_normal((m, 1)))


def naive(np, X, y):
    return dict(w=np.linalg.inv(X.T @ X) @ (X.T @ y))


def hand(np, blas, lapack, X, y):
    G = blas.dsyrk(1, X, trans=1, lower=1)
    _, w, _ = lapack.dposv(G, blas.dgemv(1, X, y, trans=1), lower=1)
    return dict(w=w.reshape(-1, 1))


def flops(m, n):
    return syrk(n, m) + gemm(m, n, 1) + potrf(n) + potrs(n, 1)
