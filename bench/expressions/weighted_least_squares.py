"""Rows scaled, the lower half of X'*(w.*X), potrf and two trsv."""
from cases import gemm, potrf, potrs, syrk

TEST = [dict(m=2400, n=60), dict(m=2100, n=53)]
BENCH = dict(m=4000, n=400)
OCTAVE = "b = (X'*diag(w)*X) \\ (X'*diag(w)*y);"


def data(random, m, n):
    return dict(X=random.standard_normal((m, n)),
                y=random.standard_normal((m, 1)),
                w=random.random((m, 1)) + 0.5)


def naive(np, X, y, w):
    W = np.diag(w[:, 0])
    return dict(b=np.linalg.solve(X.T @ W @ X, X.T @ W @ y))


def hand(np, blas, lapack, X, y, w):
    root = np.sqrt(w)
    S = root * X
    G = blas.dsyrk(1, S, trans=1, lower=1)
    b = blas.dgemv(1, S, root * y, trans=1)
    return dict(b=lapack.dposv(G, b, lower=1)[1].reshape(-1, 1))


def flops(m, n):
    return (m + m * n + m + syrk(n, m) + gemm(m, n, 1) + potrf(n) +
            potrs(n, 1))
