"""Parts of matrices and reductions of rows against NumPy.

Usage: slices.py TMC TMRUN KMEANS SEED, in an empty folder.  Sizes are around
the tile edges, and primes.  Exits with 77 when there is no NumPy.
"""
import hashlib
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

TMC, TMRUN, KMEANS, SEED = sys.argv[1:]
random = np.random.default_rng(int(SEED))
count = failures = 0

ROWS = """input A(m, n)
r = rowsums(A)
c = colsums(A)
a = min_rows(A)
b = max_cols(A)
d = argmin_rows(A)
e = argmax_cols(A)
f = argmax_rows(A')
M = onehot(d, n)
x = dot(A, A)
y = mean(A)
g = diag(A)
G = diag(c) + diag(r)(0, 0)
output r, c, a, b, d, e, f, M, x, y, g, G
"""

PARTS = """input A(m, n)
param r = 0
param c = 0
param h = 1
param w = 1
B = A(r..r+h, c..c+w)
R = A(r, :)
C = A(:, c)
T = A'(c..c+w, r..r+h)
v = C(r..r+h)
X = A
X(r..r+h, c..c+w) = 2 * B
X(0..h, 0..w) = X(r..r+h, c..c+w)
X(r, c) = 7
X(m - 1, :) += 1
Y = A
for i in 0..h
  Y(r + i, :) = Y(i, :)
end
S = zeros(h, n)
for i in 0..m-h+1
  S = S + A(i..i+h, :) * (i + 1)
end
Z = [A, C; R, r; B(0, 0), ones(1, n)]
E = A(r..r, :)
D = A[0,0]
output B, R, C, T, v, X, Y, S, Z, E, D
"""


def run(script, edge, sets):
    """Outputs by name; the same bytes for 1, 2 and 4 threads."""
    global failures
    with open("s.tm", "w") as out:
        out.write(script)
    subprocess.run([TMC, "s.tm", "-o", "s.plan"], check=True)
    names = [line for line in script.splitlines()
             if line.startswith("output")][0][7:].replace(" ", "").split(",")
    source = "A" if "input A" in script else "X"
    seen = set()
    for threads in (1, 2, 4):
        done = subprocess.run([TMRUN, "s.plan", source + "=A.npy", "-q",
                               "--threads", str(threads), "--tile", str(edge),
                               *sets],
                              capture_output=True, text=True)
        if done.returncode:
            failures += 1
            print("FAILED", sets, edge, done.stderr)
            return {}
        all_bytes = b"".join(open(n + ".npy", "rb").read() for n in names)
        seen.add(hashlib.sha256(all_bytes).hexdigest())
    if len(seen) > 1:
        failures += 1
        print("FAILED: bits differ between threads", sets, edge)
    return {n: np.load(n + ".npy") for n in names}


def same(what, got, want):
    global count, failures
    count += 1
    want = np.atleast_2d(want)
    if got is None or got.shape != want.shape or not np.allclose(
            got, want, rtol=1e-12, atol=1e-12, equal_nan=True):
        failures += 1
        print("FAILED", what, got, want)


def column(v):
    return np.asarray(v, dtype=float).reshape(-1, 1)


def rows_case(m, n, edge, kind):
    a = random.random((m, n))
    if kind:  # ties
        a = np.floor(3 * a)
    if kind == 2:
        a[m // 2, n // 2] = np.nan
    np.save("A.npy", a)
    g = run(ROWS, edge, [])
    if not g:
        return
    at = (m, n, edge, kind)
    same(("rowsums", at), g["r"], column(a.sum(1)))
    same(("colsums", at), g["c"], a.sum(0))
    same(("min_rows", at), g["a"], column(a.min(1)))
    same(("max_cols", at), g["b"], a.max(0))
    same(("argmin_rows", at), g["d"], column(a.argmin(1)))
    same(("argmax_cols", at), g["e"], a.argmax(0))
    same(("argmax_rows", at), g["f"], column(a.argmax(0)))
    same(("onehot", at), g["M"], np.eye(n)[a.argmin(1)])
    same(("diag", at), g["g"], column(a.diagonal()))
    same(("diag", at), g["G"], np.diag(a.sum(0)) + a[0].sum())
    same(("dot", at), g["x"], [[np.sum(a * a)]])
    same(("mean", at), g["y"], [[a.mean()]])


def parts_case(m, n, edge):
    h, w = random.integers(1, m + 1), random.integers(1, n + 1)
    r, c = random.integers(0, m - h + 1), random.integers(0, n - w + 1)
    a = random.random((m, n))
    np.save("A.npy", a)
    sets = [f"{k}={x}" for k, x in
            (("r", r), ("c", c), ("h", h), ("w", w))]
    g = run(PARTS, edge, [t for s in sets for t in ("-D", s)])
    if not g:
        return
    at = (m, n, edge, sets)
    b = a[r:r + h, c:c + w]
    same(("B", at), g["B"], b)
    same(("R", at), g["R"], a[r:r + 1])
    same(("C", at), g["C"], a[:, c:c + 1])
    same(("T", at), g["T"], b.T)
    same(("v", at), g["v"], a[r:r + h, c:c + 1])
    x = a.copy()
    x[r:r + h, c:c + w] = 2 * b
    x[:h, :w] = x[r:r + h, c:c + w].copy()
    x[r, c] = 7
    x[m - 1] += 1
    same(("X", at), g["X"], x)
    y = a.copy()
    for i in range(h):
        y[r + i] = y[i]
    same(("Y", at), g["Y"], y)
    same(("S", at), g["S"],
         sum(a[i:i + h] * (i + 1) for i in range(m - h + 1)))
    same(("Z", at), g["Z"], np.block([[a, a[:, c:c + 1]],
                                      [a[r:r + 1], np.array([[float(r)]])],
                                      [b[:1, :1], np.ones((1, n))]]))
    same(("E", at), g["E"], np.zeros((0, n)))
    same(("D", at), g["D"], a[:edge, :edge])


def kmeans(x, k, most):
    c, before = x[:k].copy(), np.inf
    for _ in range(most):
        d = (x * x).sum(1)[:, None] - 2 * x @ c.T + (c * c).sum(1)
        a = d.argmin(1)
        cost = d.min(1).sum()
        hot = np.eye(k)[a]
        c = hot.T @ x / np.maximum(hot.sum(0), 1)[:, None]
        if abs(before - cost) <= 1e-6 * cost:
            break
        before = cost
    return c, a


def kmeans_case(m, n, k, edge):
    global count, failures
    x = random.standard_normal((m, n)) + 10 * random.integers(0, 4, (m, 1))
    np.save("A.npy", x)
    g = run(open(KMEANS).read(), edge, ["-D", f"k={k}"])
    if not g:
        return
    c, a = kmeans(x, k, 50)
    same(("k-means, a", m, n, k, edge), g["a"], column(a))
    same(("k-means, C", m, n, k, edge), g["C"], c)


SIZES = [(1, 1), (1, 9), (9, 1), (3, 4), (4, 3), (5, 5), (7, 11), (8, 8),
         (13, 5), (129, 31), (40, 70)]
for m, n in SIZES:
    for edge in (4, 5, 64):
        for kind in range(3):
            rows_case(m, n, edge, kind)
        parts_case(m, n, edge)
for m, n, k, edge in ((60, 3, 4, 7), (60, 3, 4, 64), (211, 8, 16, 20),
                      (211, 8, 16, 48)):
    kmeans_case(m, n, k, edge)
print(count, "comparisons,", failures, "failures")
sys.exit(failures > 0)
