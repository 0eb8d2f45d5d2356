"""Covariance: centre once (2mn with the sums), then syrk, of which the division
by m - 1 is the alpha (for one half); the other half is a copy."""
from cases import syrk

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
    above = np.triu_indices_from(C, 1)
    C[above] = C.T[above]
    return dict(C=C)


def flops(m, n):
    return (m - 1) * n + n + m * n + syrk(n, m) + n * (n + 1) / 2
