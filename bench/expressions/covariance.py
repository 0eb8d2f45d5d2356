"""Covariance: centre once (2mn with the sums), syrk n^2 m, scale n^2.

The division by m - 1 is syrk's alpha in the hand-written form."""
TEST = [dict(m=700, n=120), dict(m=450, n=53)]
BENCH = dict(m=8000, n=1000)
OCTAVE = "C = (X - mean(X))'*(X - mean(X))/(rows(X) - 1);"


def data(random, m, n):
    return dict(X=random.standard_normal((m, n)))


def naive(np, X):
    return dict(C=(X - X.mean(0)).T @ (X - X.mean(0)) / (len(X) - 1))


def hand(np, blas, lapack, X):
    X = X - X.mean(0)
    C = blas.dsyrk(1 / (len(X) - 1), X, trans=1, lower=1)
    return dict(C=C + np.tril(C, -1).T)


def flops(m, n):
    return m * n + n + m * n + n * n * m + n * n
