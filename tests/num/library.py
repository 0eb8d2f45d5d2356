"""The small functions of the library against NumPy.

Usage: library.py TMC TMRUN SEED, in an empty folder.  Sizes are around the
tile edges, primes, single rows and columns, and empty.  Exits with 77 when
there is no NumPy.
"""
import hashlib
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

TMC, TMRUN, SEED = sys.argv[1:]
random = np.random.default_rng(int(SEED))
count = failures = 0

MATRIX = """input A(m, n)
input B(p, q)
param k = 1
R = reshape(A, n, m)
T = reshape(A', numel(A), 1)
H = hcat(A, 2 * A)
V = vcat(A, A + 1)
K = kron(A, B)
S = cumsum(A)
C = cov(A)
a = colmeans(A)
b = rowmeans(A)
f = prod(A + 0.5)
g = any(A > 0.999)
h = all(A)
N = isnan(A) + 2 * isinf(A)
D = as_dense(as_sparse(A))
G = retile(A, 3)
output R, T, H, V, K, S, C, a, b, f, g, h, N, D, G
"""

VECTOR = """input A(m, 1)
param n = 1
[s, p] = sort(A)
[t, _] = sort(A')
c = cumsum(A)
d = cumsum(A)'
x = linspace(A(0), 3, n)
v = var(A)
w = std(A)
output s, p, t, c, d, x, v, w
"""

POWER = """input A(n, n)
param k = 1
P = A ^ k
Q = A ^ 0 + A ^ 1 + A ^ 2 + A ^ 3 + A ^ 5
output P, Q
"""


def run(script, edge, files, sets=()):
    """Outputs by name; the same bytes for 1, 2 and 4 threads."""
    global failures
    with open("s.tm", "w") as out:
        out.write(script)
    subprocess.run([TMC, "s.tm", "-o", "s.plan"], check=True)
    names = [line for line in script.splitlines()
             if line.startswith("output")][0][7:].replace(" ", "").split(",")
    seen = set()
    for threads in (1, 2, 4):
        done = subprocess.run([TMRUN, "s.plan",
                               *[f"{f}={f}.npy" for f in files], "-q",
                               "--threads", str(threads), "--tile", str(edge),
                               *sets],
                              capture_output=True, text=True)
        if done.returncode:
            failures += 1
            print("FAILED", sets, edge, done.stderr)
            return None
        seen.add(hashlib.sha256(b"".join(
            open(n + ".npy", "rb").read() for n in names)).hexdigest())
    if len(seen) > 1:
        failures += 1
        print("FAILED: bits differ between threads", sets, edge)
    return {n: np.load(n + ".npy") for n in names}


def same(what, got, want, kind, factor=1):
    """Equal, or apart by what rounding explains: factor * eps * scale."""
    global count, failures
    count += 1
    want = np.atleast_2d(np.asarray(want, dtype=float))
    bad = got is None or got.shape != want.shape
    if not bad and want.size:
        scale = np.max(np.abs(want[np.isfinite(want)]), initial=1)
        bad = not np.allclose(got, want, rtol=0, equal_nan=True,
                              atol=20 * factor * np.finfo(kind).eps * scale)
    if bad:
        failures += 1
        print("FAILED", what, got, want)


def column(v):
    return np.asarray(v, dtype=float).reshape(-1, 1)


def matrix_case(m, n, p, q, edge, kind):
    a = random.random((m, n)).astype(kind)
    b = random.random((p, q)).astype(kind)
    np.save("A.npy", a)
    np.save("B.npy", b)
    g = run(MATRIX, edge, "AB")
    if not g:
        return
    at = (m, n, p, q, edge, kind)
    x = a.astype(float)
    with np.errstate(all="ignore"):
        same(("reshape", at), g["R"], x.reshape((n, m), order="F"), kind)
        same(("reshape'", at), g["T"], column(x.reshape(-1)), kind)
        same(("hcat", at), g["H"], np.hstack([x, 2 * x]), kind)
        same(("vcat", at), g["V"], np.vstack([x, x + 1]), kind)
        same(("kron", at), g["K"], np.kron(x, b.astype(float)), kind)
        same(("cumsum", at), g["S"], np.cumsum(x, 0), kind, m + 1)
        d = x - x.sum(0) / np.float64(m)
        same(("cov", at), g["C"], d.T @ d / np.float64(m - 1), kind, m + 1)
        same(("colmeans", at), g["a"], x.sum(0) / np.float64(m), kind, m + 1)
        same(("rowmeans", at), g["b"], column(x.sum(1) / np.float64(n)), kind,
             n + 1)
        same(("prod", at), g["f"] / np.prod(x + 0.5), [[1]], kind, m * n + 1)
    same(("any", at), g["g"], [[(x > 0.999).any()]], kind)
    same(("all", at), g["h"], [[x.all()]], kind)
    same(("isnan", at), g["N"], 0 * x, kind)
    same(("as_dense", at), g["D"], x, kind)
    same(("retile", at), g["G"], x, kind)


def vector_case(m, edge, kind, special):
    a = random.standard_normal(m).astype(kind)
    if special:
        a = np.floor(2 * a)
        a[::5] = np.nan
        a[1::7] = np.inf
        a[2::7] = -np.inf
        a[3::7] = -0.0
    np.save("A.npy", a.reshape(-1, 1))
    n = int(random.integers(1, 40))
    with np.errstate(all="ignore"):
        g = run(VECTOR, edge, "A", ["-D", f"n={n}"])
        if not g:
            return
        at = (m, edge, kind, special)
        order = np.argsort(a, kind="stable")
        same(("sort", at), g["s"], column(a[order]), kind)
        same(("sort, p", at), g["p"], column(order), kind)
        same(("sort of a row", at), g["t"], a[order].reshape(1, -1), kind)
        x = a.astype(float)
        same(("cumsum", at), g["c"], column(np.cumsum(x)), kind, m)
        same(("cumsum'", at), g["d"], np.cumsum(x).reshape(1, -1), kind, m)
        if not special:
            same(("linspace", at), g["x"], column(np.linspace(x[0], 3, n)),
                 kind)
            same(("var", at), g["v"],
                 [[x.var(ddof=1) if m > 1 else np.nan]], kind, m)
            same(("std", at), g["w"],
                 [[x.std(ddof=1) if m > 1 else np.nan]], kind, m)


def power_case(n, k, edge):
    a = random.standard_normal((n, n)) / np.sqrt(n) + np.eye(n)
    np.save("A.npy", a)
    g = run(POWER, edge, "A", ["-D", f"k={k}"])
    if not g:
        return
    grown = np.linalg.cond(a) ** 2 if k < 0 else 1
    same(("^", n, k, edge), g["P"], np.linalg.matrix_power(a, k), float,
         n * (abs(k) + 1) * grown)
    same(("^ known", n, edge), g["Q"],
         sum(np.linalg.matrix_power(a, p) for p in (0, 1, 2, 3, 5)), float,
         5 * n)


for m, n, p, q in [(1, 1, 1, 1), (1, 9, 2, 1), (9, 1, 1, 3), (3, 4, 3, 2),
                   (4, 3, 5, 4), (5, 5, 4, 4), (7, 11, 2, 5),       (13, 5, 1, 1), (0, 3, 2, 2), (3, 0, 2, 2), (4, 4, 0, 2),
                   (17, 9, 3, 2)]:
    for edge in (4, 64):
        matrix_case(m, n, p, q, edge, np.float64)
    matrix_case(m, n, p, q, 4, np.float32)
for m in (1, 3, 4, 5, 17, 101):
    for special in (0, 1):
        for edge in (4, 64):
            vector_case(m, edge, np.float64, special)
        vector_case(m, 4, np.float32, special)
for n in (1, 4, 5, 17):
    for k in (0, 1, 7, 12, -3):
        power_case(n, k, 4)
print(count, "results", failures, "failures")
sys.exit(failures > 0)
