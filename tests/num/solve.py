"""Linear solves against NumPy: solve.py TMRUN [SEED], in an empty folder.

Backward errors, norm(A X - B) / (n eps (norm(A) norm(X) + norm(B))) and the
like, must be at most 3; those of NumPy are printed beside the largest.  Exits
with 77 when there is no NumPy.
"""
import hashlib
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

TMRUN = sys.argv[1]
random = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
LIMIT = 3
norm = np.linalg.norm
worst = {}
runs = 0


def run(script, outputs, tile):
    """Outputs by name, with the same bits whatever the threads."""
    global runs
    with open("solve.tm", "w") as out:
        out.write(script)
    bits = set()
    for threads in 1, 2, 4:
        done = subprocess.run(
            [TMRUN, "-q", "--threads", str(threads), "solve.tm"] +
            (["--tile", str(tile)] if tile else []),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            sys.exit("%s\n%s" % (script, done.stdout))
        runs += 1
        digest = hashlib.sha256()
        for name in outputs:
            with open(name + ".npy", "rb") as data:
                digest.update(data.read())
        bits.add(digest.digest())
    if len(bits) != 1:
        sys.exit("other bits with other threads:\n" + script)
    return [np.load(name + ".npy") for name in outputs]


def small(what, error, theirs, case):
    old = worst.get(what, (0, 0))
    worst[what] = max(old[0], error), max(old[1], theirs)
    if not error <= LIMIT:
        sys.exit("%s: scaled error %g, NumPy's %g: %s" %
                 (what, error, theirs, case))


def backward(A, X, B, eps):
    A, X, B = (M.astype(np.float64) for M in (A, X, B))
    if not B.size or not A.size:
        return 0
    return norm(A @ X - B) / (len(A) * eps *
                              (norm(A) * norm(X) + norm(B)))


def well(n, dtype):
    """General, symmetric definite, lower and upper ones."""
    A = random.standard_normal((n, n))
    S = A @ A.T + n * np.eye(n)
    L = np.tril(A / max(n, 1)) + np.eye(n)
    return [M.astype(dtype) for M in (A, (S + S.T) / 2, L, L.T * 3)]


SOLVE = """%sinput A(n, n)
input S(n, n) is spd
input L(n, n) is lower
input U(n, n) is upper
input B(n, r)
x1 = A \\ B
x2 = S \\ B
x3 = L \\ B
x4 = U \\ B
y1 = (B' / A)'
y2 = (B' / S)'
y3 = B' / L
y4 = B' / U
z1 = A' \\ B
z3 = L' \\ B
z4 = U' \\ B
Z = inv(A)
d = det(A)
output x1, x2, x3, x4, y1, y2, y3, y4, z1, z3, z4, Z, d
"""


def solve_case(n, r, tile, dtype, statement=""):
    eps = float(np.finfo(dtype).eps)
    case = (n, r, tile, np.dtype(dtype).name, statement.strip())
    ms = well(n, dtype)
    B = random.standard_normal((n, r)).astype(dtype)
    for name, M in zip("ASLUB", ms + [B]):
        np.save(name + ".npy", M)
    names = "x1 x2 x3 x4 y1 y2 y3 y4 z1 z3 z4 Z d".split()
    out = dict(zip(names, run(bound(SOLVE % statement), names, tile)))
    for name in names[:11]:
        M = ms[int(name[1]) - 1]
        X = out[name]
        if name[0] == "y" and name[1] in "34":
            X = X.T
        if name[0] in "yz":
            M = M.T
        if X.shape != (n, r) or X.dtype != dtype:
            sys.exit("%s is %s %s: %s" % (name, X.shape, X.dtype, case))
        theirs = np.linalg.solve(M, B) if n and r else B
        what = {"1": "LU", "2": "Cholesky", "3": "lower", "4": "upper"}
        small(what[name[1]], backward(M, X, B, eps),
              backward(M, theirs, B, eps), case)
    A = ms[0].astype(np.float64)
    if n:
        # of an inverse only the right residual is small, times cond(A)
        theirs = np.linalg.inv(ms[0]).astype(np.float64)
        scale = n * eps * norm(A) * norm(theirs)
        small("inv", norm(A @ out["Z"] - np.eye(n)) / scale,
              norm(A @ theirs - np.eye(n)) / scale, case)
        want = np.linalg.det(A)
        scale = n * eps * np.linalg.cond(A) * abs(want)
        if np.isfinite(want) and abs(want) < 1e30:
            small("det", abs(float(out["d"][0, 0]) - want) / scale,
                  abs(float(np.linalg.det(ms[0])) - want) / scale, case)
    elif out["d"][0, 0] != 1:
        sys.exit("det of an empty matrix is %g" % out["d"][0, 0])


def bound(script):
    """Inputs from files of their names."""
    lines = []
    for line in script.splitlines():
        if line.startswith("input "):
            name = line[6]
            lines.append('%s = read("%s.npy")' % (name, name))
            if " is " in line:
                lines.append("assume %s is %s" % (name, line.split(" is ")[1]))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def lu_check(A, tile, statement="", what="lu"):
    m, n = A.shape
    q = min(m, n)
    eps = float(np.finfo(A.dtype).eps)
    case = (m, n, tile, A.dtype.name, statement.strip())
    np.save("A.npy", A)
    script = statement + ('A = read("A.npy")\n[L, U, p] = lu(A)\n'
                          "output L, U, p\n")
    L, U, p = run(script, ["L", "U", "p"], tile)
    order = p[:, 0].astype(int)
    if (L.shape != (m, q) or U.shape != (q, n) or p.shape != (m, 1) or
            sorted(order) != list(range(m)) or np.any(order != p[:, 0]) or
            np.any(np.triu(L, 1)) or np.any(np.tril(U, -1)) or
            np.any(np.diag(L) != 1) or np.any(abs(L) > 1)):
        sys.exit("L, U, p are not factors of the right form: %s" % (case,))
    if A.size and norm(A):
        L, U, D = (M.astype(np.float64) for M in (L, U, A))
        # growth is the pivoting's, LAPACK's too
        scale = max(m, n) * eps * max(norm(D), norm(U))
        small(what, norm(D[order] - L @ U) / scale, 0, case)


def ill():
    n = 20
    i, j = np.indices((n, n))
    hilbert = 1.0 / (i + j + 1)
    wilkinson = np.eye(n) - np.tril(np.ones((n, n)), -1)
    wilkinson[:, -1] = 1
    graded = random.standard_normal((n, n)) * 10.0 ** -j
    vandermonde = np.linspace(0.1, 1, n)[:, None] ** j
    kahan = np.diag(0.6 ** np.arange(n)) @ (np.eye(n) -
                                            0.8 * np.triu(np.ones((n, n)), 1))
    return [hilbert, wilkinson, graded, vandermonde, kahan, kahan.T]


for n, r, tile in [(0, 2, 4), (1, 1, 4), (7, 1, 8), (8, 8, 8), (9, 9, 8),
                   (13, 3, 4), (16, 5, 1), (17, 1, 16), (31, 2, 5), (3, 0, 2),
                   (61, 70, 16), (130, 1, 48), (257, 3, 64)]:
    for dtype in np.float64, np.float32:
        solve_case(n, r, tile, dtype)
solve_case(23, 4, None, np.float64, "tile 5, 7\n")
solve_case(23, 9, None, np.float32, "tile 8, 3\n")
for m, n in [(0, 3), (3, 0), (1, 1), (1, 9), (9, 1), (7, 7), (8, 8), (9, 9),
             (5, 12), (12, 5), (8, 13), (13, 8), (31, 17), (17, 31), (16, 24),
             (130, 61), (61, 130)]:
    for tile in 1, 4, 8, 40:
        if tile == 1 and m * n > 200:
            continue
        A = random.standard_normal((m, n))
        lu_check(A, tile)
        lu_check(A.astype(np.float32), tile)
lu_check(random.standard_normal((23, 19)), None, "tile 5, 7\n")
lu_check(random.standard_normal((19, 23)), None, "tile 7, 5\n")
lu_check(np.outer(np.arange(1., 12), np.ones(9)), 4)  # of rank 1
lu_check(np.zeros((6, 6)), 4)
for A in ill():
    lu_check(A, 6, "", "lu, ill-conditioned")
    n = len(A)
    B = A @ np.ones((n, 2))
    np.save("A.npy", A)
    np.save("B.npy", B)
    X, = run('A = read("A.npy")\nB = read("B.npy")\nX = A \\ B\noutput X\n',
             ["X"], 6)
    small("LU, ill-conditioned", backward(A, X, B, 2.0 ** -52),
          backward(A, np.linalg.solve(A, B), B, 2.0 ** -52), "ill")
for what in sorted(worst):
    print("%-22s %8.3g   NumPy %8.3g   in n eps" % ((what,) + worst[what]))
print(runs, "runs")
