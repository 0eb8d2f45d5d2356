"""Divide and conquer of tridiagonal matrices: tridiagonal.py TMRUN.

Sizes around those at which there are two, four and eight leaves.  Matrices
of which all is deflated, nothing, or one or two values are not; whose values
are in clusters, or tiny, or of very different sizes.  Residuals, and how far
vectors are from orthonormal, are below 10 n eps; values ascend.  One, two and
three threads give the same bits.
"""
import subprocess
import sys

import numpy as np

TMRUN = sys.argv[1]
SCRIPT = """\
input D(n, 3)
T = retile(D, n, 3)
matrix Z(n, n) tile n, n
matrix w(n, 1) tile n, 1
[Z[0,0], w[0,0]] = stedc(T[0,0])
output Z, w
"""
SIZES = [1, 255, 256, 257, 512, 515]
rng = np.random.default_rng(21)


def wilkinson(n):
    return np.abs(np.arange(n) - (n - 1) / 2), np.ones(n)


def glued(n):
    d, e = wilkinson(21)
    d, e = np.resize(d, n), np.ones(n)
    e[20::21] = 1e-9
    return d, e


def once(n, size):
    """One rank-one change in an identity: at the middle cut."""
    d, e = np.ones(n), np.zeros(n)
    if n > 1:
        e[n // 2 - 1] = size
    return d, e


FAMILIES = {
    "random": lambda n: (rng.standard_normal(n), rng.standard_normal(n)),
    "laplacian": lambda n: (np.full(n, 2.0), np.full(n, -1.0)),
    "wilkinson": wilkinson,
    "glued": glued,
    "identity": lambda n: (np.ones(n), np.zeros(n)),
    "zero": lambda n: (np.zeros(n), np.zeros(n)),
    "one change": lambda n: once(n, 0.5),
    "tiny change": lambda n: once(n, 1e-14),
    "negative change": lambda n: once(n, -0.5),
    "no diagonal": lambda n: (np.zeros(n), np.ones(n)),
    "graded up": lambda n: (10.0 ** np.linspace(-18, 0, n),
                            10.0 ** np.linspace(-18, 0, n) / 3),
    "graded down": lambda n: (10.0 ** np.linspace(0, -18, n),
                              10.0 ** np.linspace(0, -18, n) / 3),
    "large": lambda n: (1e30 * rng.standard_normal(n),
                        1e30 * rng.standard_normal(n)),
    "small": lambda n: (1e-30 * rng.standard_normal(n),
                        1e-30 * rng.standard_normal(n)),
    "pieces": lambda n: (rng.integers(0, 3, n).astype(float),
                         np.where(np.arange(n) % 7 == 6, 0.0, 1.0)),
}
wrong = 0


def check(name, n, dtype):
    global wrong
    d, e = (x.astype(dtype) for x in FAMILIES[name](n))
    e[n - 1] = 0
    D = np.zeros((n, 3), dtype)
    D[:, 0], D[:, 1], D[0, 2] = d, e, 1
    np.save("D.npy", D)
    results = []
    for threads in (1, 2, 3) if n == 515 else (2,):
        subprocess.run([TMRUN, "-q", "--threads", str(threads), "t.tm",
                        "D=D.npy"], check=True)
        results.append((np.load("Z.npy"), np.load("w.npy").ravel()))
    Z, w = results[0]
    T = np.diag(d.astype(float)) + np.diag(e[:-1].astype(float), 1) \
        + np.diag(e[:-1].astype(float), -1)
    size = np.abs(T).max() or 1.0
    ascends = not np.any(np.diff(w) < 0)
    T, Z, w = T / size, Z.astype(float), w.astype(float) / size
    eps = float(np.finfo(dtype).eps)
    parts = [np.linalg.norm(T @ Z - Z * w, 2) / (n * eps * 3),
             np.linalg.norm(Z.T @ Z - np.eye(n), 2) / (n * eps),
             np.abs(w - np.linalg.eigvalsh(T)).max() / (n * eps * 3)]
    same = all(np.array_equal(x, y)
               for result in results[1:] for x, y in zip(results[0], result))
    if not max(parts) < 10 or not same or not ascends:
        print("FAILED", name, n, np.dtype(dtype).name, parts, same,
              ascends)
        wrong += 1


with open("t.tm", "w", encoding="ascii") as f:
    f.write(SCRIPT)
for n in SIZES:
    for name in FAMILIES:
        check(name, n, np.float64)
        if n == 515:
            check(name, n, np.float32)
for name in ("random", "glued"):
    check(name, 1024, np.float64)
print(wrong, "wrong")
sys.exit(wrong != 0)
