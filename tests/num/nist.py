"""Least squares on certified data: nist.py TMRUN FOLDER, in an empty folder.

The coefficients of each data set follow from the normal equations in rational
arithmetic; they are NIST's certified ones to all digits that these have, so
the data are NIST's too.  `A \\ y` and lstsq keep at least as many digits of
them as NumPy's lstsq, less one.
"""
import glob
import math
import os
import subprocess
import sys
from fractions import Fraction

import numpy as np

TMRUN, FOLDER = sys.argv[1:]
SCRIPT = """\
input A(m, n)
input y(m, 1)
x = A \\ y
z = lstsq(A, y)
output x, z
"""


def read(path):
    """A and y as fractions, and the certified coefficients as texts."""
    A, y = [], []
    for line in open(path, encoding="ascii"):
        words = line.split()
        if line.startswith("#"):
            continue
        if words[0] == "powers":
            powers = range(int(words[1]), int(words[2]) + 1)
        elif words[0] == "certified":
            certified = words[1:]
        else:
            y.append(Fraction(words[0]))
            A.append([Fraction(words[1]) ** k for k in powers])
    return A, y, certified


def least_squares(A, y):
    """The normal equations, solved exactly."""
    n = len(A[0])
    rows = [[sum(r[i] * r[j] for r in A) for j in range(n)] +
            [sum(r[i] * v for r, v in zip(A, y))] for i in range(n)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k:
                factor = rows[i][k]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k])]
    return [r[n] for r in rows]


def agrees(exact, certified):
    """To one unit of the last of 15 digits."""
    want = Fraction(certified)
    return abs(exact - want) <= abs(want) * Fraction(1, 10 ** 14)


def digits(x, exact):
    least = 16.0
    for a, b in zip(x.ravel(), exact):
        error = abs(Fraction(float(a)) - b) / abs(b)
        if error:
            least = min(least, -math.log10(error))
    return least


def check(path):
    name = os.path.splitext(os.path.basename(path))[0]
    A, y, certified = read(path)
    exact = least_squares(A, y)
    for got, want in zip(exact, certified):
        assert agrees(got, want), (name, float(got), want)
    assert len(exact) == len(certified), name
    A = np.array([[float(v) for v in row] for row in A])
    y = np.array([[float(v)] for v in y])
    numpys = digits(np.linalg.lstsq(A, y, rcond=np.finfo(float).eps)[0],
                    exact)
    np.save("A.npy", A)
    np.save("y.npy", y)
    with open("t.tm", "w", encoding="ascii") as out:
        out.write(SCRIPT)
    for tile in 2, 3, 5, 64:
        subprocess.run([TMRUN, "-q", "--tile", str(tile), "t.tm", "A=A.npy",
                        "y=y.npy"], check=True)
        ours = [digits(np.load(f), exact) for f in ("x.npy", "z.npy")]
        print(f"{name}: {ours[0]:.2f} {ours[1]:.2f} digits in tiles of {tile}, "
              f"NumPy {numpys:.2f}")
        assert min(ours) >= numpys - 1, name


def main():
    paths = sorted(glob.glob(os.path.join(FOLDER, "*.txt")))
    assert len(paths) >= 9, paths
    for path in paths:
        check(path)


main()
