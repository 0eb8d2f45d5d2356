"""syrk and X'*y once, before the loop; in it potrf and two trsv."""
from cases import gemm, nrm2, potrf, potrs, syrk

TEST = [dict(m=1200, n=80), dict(m=1700, n=53)]
BENCH = dict(m=10000, n=1000)
OCTAVE = """
s = 0;
for l = [0.01, 0.1, 1, 10]
  w = (X'*X + l*eye(columns(X))) \\ (X'*y);
  s = s + norm(w);
end"""


def data(random, m, n):
    return dict(X=random.standard_normal((m, n)),
                y=random.standard_normal((m, 1)))


def naive(np, X, y):
    s = 0
    for l in 0.01, 0.1, 1, 10:
        w = np.linalg.solve(X.T @ X + l * np.eye(X.shape[1]), X.T @ y)
        s = s + np.linalg.norm(w)
    return dict(w=w, s=s)


def hand(np, blas, lapack, X, y):
    G = blas.dsyrk(1, X, trans=1, lower=1)
    b = blas.dgemv(1, X, y, trans=1)
    s = 0
    for l in 0.01, 0.1, 1, 10:
        A = G.copy(order="F")
        A[np.diag_indices_from(A)] += l
        _, w, _ = lapack.dposv(A, b, lower=1, overwrite_a=1)
        s += blas.dnrm2(w)
    return dict(w=w.reshape(-1, 1), s=s)


def flops(m, n):
    return (syrk(n, m) + gemm(n, m, 1) +
            4 * (n + potrf(n) + potrs(n, 1) + nrm2(n) + 1))
