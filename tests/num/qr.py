"""QR and least squares against NumPy.

Usage: qr.py TMRUN SRCDIR.  Residuals of qr and lstsq are at most three times
NumPy's or max(m, n, 8) * eps, whichever is larger, for sizes around the tile
edges and matrices of every condition; one, two and four threads give the
same bits.
"""
import itertools
import subprocess
import sys

import numpy as np

TMRUN, SRCDIR = sys.argv[1:]
SCRIPT = """\
tile {rows}, {cols}
input A(m, n)
input y(m, p)
{lines}
"""
QR = "[Q, R] = qr(A)\noutput Q, R"
LSTSQ = "x = lstsq(A, y)\noutput x"


def run(A, y, tile, lines, threads=1):
    """The outputs of the script, by name, and the bytes of their files."""
    with open("t.tm", "w", encoding="ascii") as f:
        f.write(SCRIPT.format(rows=tile[0], cols=tile[1], lines=lines))
    np.save("A.npy", A)
    np.save("y.npy", y)
    subprocess.run([TMRUN, "-q", "--threads", str(threads), "t.tm",
                    "A=A.npy", "y=y.npy"], check=True)
    names = lines.rsplit("output ", 1)[1].split(", ")
    return ([np.load(name + ".npy") for name in names],
            b"".join(open(name + ".npy", "rb").read() for name in names))


def norm(A):
    return np.linalg.norm(A.astype(np.float64)) if A.size else 0.0


def over(a, b):
    return a / b if b else a


def qr_errors(A, Q, R):
    A, Q, R = (x.astype(np.longdouble) for x in (A, Q, R))
    return (over(norm(A - Q @ R), norm(A)),
            norm(Q.T @ Q - np.eye(Q.shape[1])),
            norm(np.tril(R, -1)))


def lstsq_error(A, y, x):
    """How far the residual is from the normal space, relative to what A and
    x are known to."""
    A, y, x = (v.astype(np.longdouble) for v in (A, y, x))
    r = y - A @ x
    return over(norm(A.T @ r), norm(A) * (norm(A) * norm(x) + norm(y)))


def check(name, ours, numpys, limit):
    if not ours <= max(3 * numpys, limit):
        sys.exit(f"{name}: {ours:.3g}, NumPy's {numpys:.3g}, "
                 f"limit {limit:.3g}")


def compare(name, A, y, tile, solve=True):
    limit = max(A.shape[0], A.shape[1], 8) * np.finfo(A.dtype).eps
    (Q, R), bits = run(A, y, tile, QR)
    Qn, Rn = np.linalg.qr(A)
    assert Q.shape == Qn.shape and R.shape == Rn.shape, name
    assert Q.dtype == R.dtype == A.dtype, name
    for ours, numpys in zip(qr_errors(A, Q, R), qr_errors(A, Qn, Rn)):
        check(name + " qr", ours, numpys, limit)
    if solve:
        (x,), more = run(A, y, tile, LSTSQ)
        xn = np.linalg.lstsq(A, y, rcond=np.finfo(A.dtype).eps)[0]
        assert x.shape == xn.shape, name
        check(name + " lstsq", lstsq_error(A, y, x), lstsq_error(A, y, xn),
              limit)
    return bits + (more if solve else b"")


def sizes(rng):
    """Sizes 1, b-1, b, b+1, primes, one row, one column, many rows."""
    edges = [(4, 4), (5, 3), (3, 5), (4, 16), (7, 2)]
    shapes = [(1, 1), (2, 1), (13, 1), (3, 3), (4, 4), (5, 5), (4, 3), (5, 4),
              (7, 5), (8, 8), (9, 8), (13, 11), (29, 13), (53, 3), (53, 17),
              (101, 4), (64, 16)]
    for (m, n), tile in itertools.product(shapes, edges):
        dtype = np.float32 if rng.integers(4) == 0 else np.float64
        A = rng.standard_normal((m, n)).astype(dtype)
        y = rng.standard_normal((m, rng.integers(1, 7))).astype(dtype)
        compare(f"{m} x {n} in tiles of {tile}, {dtype.__name__}", A, y, tile)
    return len(shapes) * len(edges)


def larger(rng):
    """Tiles with more columns than the kernels' plain loops take."""
    cases = [((150, 150), (64, 64)), ((200, 97), (50, 50)),
             ((130, 130), (130, 130)), ((300, 70), (100, 70)),
             ((300, 70), (45, 70)), ((257, 100), (33, 100)),
             ((90, 60), (300, 300))]
    for ((m, n), tile), dtype in itertools.product(cases,
                                                   (np.float64, np.float32)):
        A = rng.standard_normal((m, n)).astype(dtype)
        y = rng.standard_normal((m, 3)).astype(dtype)
        compare(f"{m} x {n} in tiles of {tile}, {dtype.__name__}", A, y, tile)
    return 2 * len(cases)


def ill_conditioned(rng):
    i = np.arange(1.0, 13)
    theta = 1.2
    c, s = np.cos(theta), np.sin(theta)
    kahan = np.diag(s ** (i - 1)) @ (np.eye(12) - c * np.triu(
        np.ones((12, 12)), 1))
    singular = rng.standard_normal((30, 12))
    singular[:, 7] = singular[:, 2] - singular[:, 5]
    zeros = rng.standard_normal((30, 12))
    zeros[:, [0, 6]] = 0
    matrices = {
        "Hilbert": (1 / (i[:, None] + i - 1), True),
        "Kahan": (kahan, True),
        "Vandermonde": (np.vander(np.linspace(0, 1, 40), 12), True),
        "graded rows": (rng.standard_normal((40, 12)) *
                        10.0 ** -np.arange(40)[:, None], False),
        "graded columns": (rng.standard_normal((40, 12)) * 10.0 ** -i, True),
        "rank 11": (singular, False),
        "columns of zeros": (zeros, False),
        "zeros": (np.zeros((14, 6)), False),
        "huge": (rng.standard_normal((20, 12)) * 1e300, False),
        "tiny": (rng.standard_normal((20, 12)) * 1e-300, False),
        "upper": (np.triu(rng.standard_normal((20, 12))), True),
        "equal": (np.ones((25, 9)), False),
    }
    for (name, (A, solve)), tile in itertools.product(
            matrices.items(), [(4, 4), (5, 12), (100, 100)]):
        y = rng.standard_normal((A.shape[0], 2))
        if name in ("huge", "tiny"): # norms of these would overflow
            scale = 1e-300 if name == "huge" else 1e300
            (Q, R), _ = run(A, y, tile, QR)
            for ours in qr_errors(A * scale, Q, R * scale):
                check(name, ours, 0, 100 * np.finfo(A.dtype).eps)
        else:
            compare(f"{name} in tiles of {tile}", A, y, tile, solve)
    return 3 * len(matrices)


def threads(rng):
    for (m, n), tile in [((150, 60), (16, 16)), ((400, 12), (20, 12))]:
        A = rng.standard_normal((m, n))
        y = rng.standard_normal((m, 5))
        for lines in QR, LSTSQ:
            bits = {run(A, y, tile, lines, k)[1]
                    for k in (1, 2, 4, 2, 4, 1)}
            assert len(bits) == 1, f"{m} x {n}: other bits with more threads"


def longley():
    """Digits of the certified coefficients: NumPy's less one."""
    data = SRCDIR + "/examples/data/longley_"
    A = np.genfromtxt(data + "x.csv", delimiter=",", skip_header=1)
    y = np.genfromtxt(data + "y.csv", skip_header=1).reshape(-1, 1)
    certified = np.genfromtxt(data + "certified.csv",
                              skip_header=1).reshape(-1, 1)
    assert A.shape == (16, 7) and certified.shape == (7, 1)

    def digits(x):
        return -np.log10(np.max(np.abs(x - certified) / np.abs(certified)))

    numpys = digits(np.linalg.lstsq(A, y, rcond=np.finfo(float).eps)[0])
    for tile in (16, 16), (4, 7), (8, 8), (3, 3), (1, 1):
        (x,), _ = run(A, y, tile, LSTSQ)
        print(f"Longley in tiles of {tile}: {digits(x):.2f} digits, "
              f"NumPy {numpys:.2f}")
        assert digits(x) >= numpys - 1


def main():
    rng = np.random.default_rng(7)
    np.seterr(all="ignore")
    count = sizes(rng) + larger(rng) + ill_conditioned(rng)
    threads(rng)
    longley()
    print(f"{count} matrices: qr and lstsq are as good as NumPy's")


main()
