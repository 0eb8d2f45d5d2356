"""Randomised SVD: rsvd.py TMRUN PROGRAM, in an empty folder.

Of matrices whose singular values fall off like 2^-k the program and the
library's function find the r largest to rounding, and a product within a
factor 2 of the best one of rank r; the same bits with any number of threads.
"""
import subprocess
import sys

import numpy as np

TMRUN, PROGRAM = sys.argv[1:]
LIBRARY = """\
param r = 20
input A(m, n)
[U, s, V] = rsvd(A, r)
output U, s, V
"""


def run(script, r, tile, threads):
    subprocess.run([TMRUN, "-q", "--threads", str(threads), "--tile",
                    str(tile), script, "-D", f"r={r}", "A=A.npy"], check=True)
    names = ("U.npy", "s.npy", "V.npy")
    return ([np.load(name) for name in names],
            b"".join(open(name, "rb").read() for name in names))


def main():
    rng = np.random.default_rng(8)
    with open("library.tm", "w", encoding="ascii") as out:
        out.write(LIBRARY)
    for m, n, r, tile, dtype in [(300, 120, 20, 64, np.float64),
                                 (80, 200, 7, 32, np.float64),
                                 (157, 61, 11, 13, np.float64),
                                 (150, 90, 5, 200, np.float32)]:
        k = min(m, n)
        U, V = (np.linalg.qr(rng.standard_normal((x, k)))[0] for x in (m, n))
        A = ((U * 2.0 ** -np.arange(k)) @ V.T).astype(dtype)
        eps = np.finfo(dtype).eps
        np.save("A.npy", A)
        true = np.linalg.svd(A.astype(np.float64), compute_uv=False)
        for script in PROGRAM, "library.tm":
            (U, s, V), bits = run(script, r, tile, 1)
            assert bits == run(script, r, tile, 2)[1], "other bits"
            assert U.shape == (m, r) and s.shape == (r, 1)
            assert V.shape == (n, r) and s.dtype == U.dtype == dtype
            limit = 8 * max(m, n) * eps
            worst = max(
                np.abs(s.ravel() - true[:r]).max(),
                np.linalg.norm(U.T @ U - np.eye(r)),
                np.linalg.norm(V.T @ V - np.eye(r)))
            left = np.linalg.norm(A - (U * s.ravel()) @ V.T, 2)
            print(f"{m} x {n}, rank {r}: {worst:.2g}, limit {limit:.2g}; "
                  f"left {left:.3g}, best {true[r]:.3g}")
            assert worst <= limit
            assert left <= 2 * true[r] + limit


main()
