"""|D - U*V|^2 of a dense D: gemm into a copy of D, one pass over it.  By traces,
sum(D.*D) - 2 sum((U'*D).*V) + sum((U'*U).*(V*V')), it would be more."""
from cases import gemm, nrm2

TEST = [dict(m=200, n=230, k=30), dict(m=97, n=353, k=7)]
BENCH = dict(m=3000, n=3000, k=50)
OCTAVE = "f = norm(D - U*V, 'fro')^2;"


def data(random, m, n, k):
    return dict(D=random.random((m, n)), U=random.random((m, k)),
                V=random.random((k, n)) / k)


def naive(np, D, U, V):
    return dict(f=np.linalg.norm(D - U @ V) ** 2)


def hand(np, blas, lapack, D, U, V):
    R = blas.dgemm(-1, U, V, beta=1, c=D)
    return dict(f=blas.dnrm2(R.ravel(order="F"))**2)


def flops(m, n, k):
    return gemm(m, n, k) + nrm2(m * n) + 1
