"""Four operations an entry; temporaries are what it costs."""
TEST = [dict(m=160, n=90), dict(m=97, n=153)]
BENCH = dict(m=4000, n=4000)
OCTAVE = "E = A + 2*B - C.*D;"


def data(random, m, n):
    return {name: random.random((m, n)) for name in "ABCD"}


def naive(np, A, B, C, D):
    return dict(E=A + 2 * B - C * D)


def hand(np, blas, lapack, A, B, C, D):
    E = C * D
    np.subtract(A, E, out=E)
    blas.daxpy(B.reshape(-1, order="F"), E.reshape(-1, order="F"), a=2)
    return dict(E=E)


def flops(m, n):
    return 4 * m * n
