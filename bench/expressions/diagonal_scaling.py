"""Rows and columns scaled in one pass: 2 m n."""
TEST = [dict(m=120, n=90), dict(m=53, n=97)]
BENCH = dict(m=3000, n=3000)
OCTAVE = "S = diag(d)*A*diag(e);"


def data(random, m, n):
    return dict(A=random.random((m, n)), d=random.random((m, 1)),
                e=random.random((n, 1)))


def naive(np, A, d, e):
    return dict(S=np.diag(d[:, 0]) @ A @ np.diag(e[:, 0]))


def hand(np, blas, lapack, A, d, e):
    S = d * A
    S *= e[:, 0]
    return dict(S=S)


def flops(m, n):
    return 2 * m * n
