"""The ten programs of tests/programs against NumPy.

Usage: ten_programs.py TMRUN FOLDER [NUMBER...], in an empty folder.

Each runs at two sizes with two tile edges, the larger one with 1, 2 and 4
threads, which must give the same lines and the same bytes of outputs.  Results are judged by
residuals scaled by size, eps and, where something is solved, its condition;
what iterates must take the same number of turns as the same program here.
"is sparse" is stored dense, which changes no result.
"""
import os
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

TMRUN, FOLDER = sys.argv[1:3]
EPS = 2.0 ** -52
random = np.random.default_rng(20)
norm = np.linalg.norm


def once(words, outputs, threads):
    done = subprocess.run([TMRUN, "-q", "--threads", threads] + words,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode:
        sys.exit("%s: %s" % (" ".join(words), done.stdout))
    return [done.stdout] + [open(name, "rb").read() for name in outputs]


THREADS = ["2"]  # for the smaller size


def run(program, tile, bound=(), defines=(), outputs=()):
    """The printed text, then the outputs."""
    words = [os.path.join(FOLDER, program)]
    for name, x in bound:
        np.save(name, x)
        words.append("%s=%s.npy" % (name, name))
    for name, value in defines:
        words += ["-D", "%s=%s" % (name, value)]
    if tile:
        words += ["--tile", str(tile)]
    files = [x if "/" in x else x + ".npy" for x in outputs]
    results = [once(words, files, threads) for threads in THREADS]
    if results[1:] != results[:-1]:
        sys.exit("other bits with other threads: %s" % " ".join(words))
    return [results[0][0]] + [
        np.load(x) if x.endswith(".npy") else
        np.loadtxt(x, delimiter=",", ndmin=2) for x in files]


def near(what, ours, theirs, most):
    """|ours - theirs| / |theirs| in units of eps."""
    if ours.shape != theirs.shape:
        sys.exit("%s: %s, not %s" % (what, ours.shape, theirs.shape))
    error = norm(ours - theirs) / (EPS * max(norm(theirs), 1e-300))
    print("    %-44s %10.3g eps, at most %10.3g" % (what, error, most))
    if not error <= most:
        sys.exit("%s differs" % what)


def small(what, residual, most):
    """A residual in units of eps."""
    print("    %-44s %10.3g eps, at most %10.3g" % (what, residual / EPS,
                                                     most))
    if not residual / EPS <= most:
        sys.exit("%s is too large" % what)


def gemm_tiles(tile, n):
    _, C = run("01_gemm_tiles.tm", tile, defines=[("n", n)], outputs=["C"])
    near("C", C, np.full((n, n), 2.0 * n), 0)


def gemm_matrix(tile, m, k, n):
    A, B = random.standard_normal((m, k)), random.standard_normal((k, n))
    x = random.standard_normal((n, 1))
    _, C, g = run("02_gemm_matrix.tm", tile, [("A", A), ("B", B), ("x", x)],
                  outputs=["C", "g"])
    y = A @ B @ x
    # |y - C x| and |C| in units of what rounding may do to their terms
    small("C", norm(C - A @ B) / (norm(A) * norm(B)), 2 * k)
    small("g", norm(g - A.T @ (2 * y - A @ B @ x)) /
          (norm(A) ** 2 * norm(B) * norm(x)), 4 * (m + k + n))


def cholesky(tile, n):
    G = random.standard_normal((n, n))
    A = G @ G.T + n * np.eye(n)
    _, L = run("03_cholesky.tm", tile, [("A", A)], outputs=["L"])
    if np.triu(L, 1).any():
        sys.exit("L is not lower triangular")
    small("|A - L*L'| / |A|", norm(A - L @ L.T) / norm(A), 4 * n)
    near("L", L, np.linalg.cholesky(A), 10 * n * np.linalg.cond(A))


def least_squares(tile, m, n):
    A, y = random.standard_normal((m, n)), random.standard_normal((m, 1))
    os.makedirs("data", exist_ok=True)
    os.makedirs("out", exist_ok=True)
    with open("data/design.mtx", "w") as out:
        out.write("%%%%MatrixMarket matrix array real general\n%d %d\n"
                  % (m, n))
        out.writelines("%.17g\n" % a for a in A.T.ravel())
    np.savetxt("data/response.csv", y, fmt="%.17g")
    text, x = run("04_least_squares.tm", tile, outputs=["out/x.csv"])
    wanted = np.linalg.lstsq(A, y, rcond=None)[0]
    near("x", x, wanted, 100 * m * np.linalg.cond(A))
    words = text.split()
    if words[0] != "residual" or words[2] != "of":
        sys.exit("printed: " + text)
    near("printed numbers", np.array([float(words[1]), float(words[3])]),
         np.array([norm(y - A @ wanted), norm(y)]), 100 * m)


def pagerank(tile, n):
    G = random.random((n, n)) * (random.random((n, n)) < 0.1)
    G += np.eye(n) * 1e-3
    G /= G.sum(0)
    text, p = run("05_pagerank.tm", tile, [("G", G)], outputs=["p"])
    q, turns = np.full((n, 1), 1 / n), 0
    while True:
        before, q = q, 0.85 * (G @ q) + 0.15 / n
        turns += 1
        delta = np.abs(q - before).sum()
        if delta < 1e-10 or turns >= 200:
            break
    words = text.split()
    if words[:4:2] != ["iterations", "delta"] or int(words[1]) != turns:
        sys.exit("printed: %s, not %d iterations" % (text, turns))
    # the fixed point itself, which is 1e-10 away
    fixed = np.linalg.solve(np.eye(n) - 0.85 * G, np.full((n, 1), 0.15 / n))
    near("p", p, q, 100 * n)
    near("p and the fixed point", p, fixed, 6e-10 / EPS * np.sqrt(n))
    small("delta", abs(float(words[3]) - delta), 100 * n)


def ridge(tile, m, n):
    X, y = random.standard_normal((m, n)), random.standard_normal((m, 1))
    text, W = run("06_ridge.tm", tile, [("X", X), ("y", y)], outputs=["W"])
    best = np.inf
    for lam, line in zip([0.01, 0.1, 1, 10], text.splitlines()):
        A = X.T @ X + lam * np.eye(n)
        w = np.linalg.solve(A, X.T @ y)
        e = norm(X @ w - y)
        words = line.split()
        if float(words[1]) != lam or abs(float(words[4]) - e) > 1e-10 * e:
            sys.exit("ridge: %s, not %r" % (line, e))
        if e < best:
            best, wanted, condition = e, w, np.linalg.cond(A)
    if len(text.splitlines()) != 4:
        sys.exit("printed: " + text)
    near("W", W, wanted, 100 * condition)


def kmeans(tile, m, n, k):
    # clusters that are apart, so that rounding decides nothing
    centres = 20 * random.standard_normal((k, n))
    X = centres[random.integers(0, k, m)] + random.standard_normal((m, n))
    X[:k] = centres + random.standard_normal((k, n))
    _, C, a = run("07_kmeans.tm", tile, [("X", X)], [("k", k)], ["C", "a"])
    D, prev = X[:k].copy(), np.inf
    for _ in range(50):
        distances = ((X[:, None, :] - D[None, :, :]) ** 2).sum(2)
        b = distances.argmin(1)
        cost = distances.min(1).sum()
        M = np.eye(k)[b]
        D = (M.T @ X) / np.maximum(M.sum(0), 1)[:, None]
        if abs(prev - cost) <= 1e-6 * cost:
            break
        prev = cost
    if (a[:, 0] != b).any():
        sys.exit("%d rows are in other clusters" % (a[:, 0] != b).sum())
    near("C", C, D, 10 * m)


def rsvd(tile, m, n, r):
    U, _ = np.linalg.qr(random.standard_normal((m, min(m, n))))
    V, _ = np.linalg.qr(random.standard_normal((n, min(m, n))))
    s = 0.5 ** np.arange(min(m, n))
    A = U * s @ V.T
    _, Ur, sr, Vr = run("08_rsvd.tm", tile, [("A", A)], [("r", r)],
                        ["U", "s", "V"])
    sr = sr.reshape(-1)
    # two steps of power iteration make the first r exact to rounding
    near("s", sr, s[:r], 100 * (m + n))
    small("U'*U - I", norm(Ur.T @ Ur - np.eye(r)), 100 * m)
    small("V'*V - I", norm(Vr.T @ Vr - np.eye(r)), 100 * n)
    error = norm(A - Ur * sr @ Vr.T)
    best = norm(s[r:])
    print("    |A - U*S*V'| %.6g, best %.6g" % (error, best))
    if not error <= best * (1 + 1e-6) + 100 * (m + n) * EPS:
        sys.exit("not the best approximation")


def rlsi(tile, terms, docs, k):
    D = random.random((terms, docs))
    with open("start.tm", "w") as out:
        out.write("U0 = rand(%d, %d, seed=7)\noutput U0\n" % (terms, k))
    once(["start.tm"], ["U0.npy"], "1")
    U = np.load("U0.npy")
    _, ours_U, ours_V = run("09_rlsi.tm", tile, [("D", D)], [("k", k)],
                            ["U", "V"])
    f, turns, condition = np.inf, 0, 1
    while True:
        turns += 1
        old = f
        A = U.T @ U + 0.1 * np.eye(k)
        V = np.linalg.solve(A, U.T @ D)
        B = V @ V.T + 0.1 * np.eye(k)
        U = np.linalg.solve(B, V @ D.T).T
        f = norm(D - U @ V) ** 2
        condition += np.linalg.cond(A) + np.linalg.cond(B)
        if old - f <= 1e-4 * f or turns >= 100:
            break
    near("U", ours_U, U, 100 * condition)
    near("V", ours_V, V, 100 * condition)
    near("U*V", ours_U @ ours_V, U @ V, 100 * condition)


def tsqr(tile, m, n, b):
    A = random.standard_normal((m, n))
    _, R = run("10_tsqr.tm", tile, [("A", A)], [("b", b)], ["Rf"])
    if R.shape != (n, n) or np.tril(R, -1).any():
        sys.exit("R is not upper triangular, n x n")
    wanted = np.linalg.qr(A, "r")
    signs = np.sign(np.diag(R)) * np.sign(np.diag(wanted))
    near("R but for signs", R * signs[:, None], wanted,
         100 * m * np.linalg.cond(A))
    small("|A'*A - R'*R| / |A|^2", norm(A.T @ A - R.T @ R) / norm(A) ** 2,
          10 * m)


CASES = [  # number, program, two sizes, two tile edges
    (1, gemm_tiles, [dict(n=97), dict(n=180)], [100, 37]),
    (2, gemm_matrix, [dict(m=50, k=70, n=41), dict(m=211, k=150, n=97)],
     [64, 37]),
    (3, cholesky, [dict(n=64), dict(n=211)], [64, 31]),
    (4, least_squares, [dict(m=90, n=11), dict(m=301, n=61)], [64, 37]),
    (5, pagerank, [dict(n=50), dict(n=173)], [64, 37]),
    (6, ridge, [dict(m=60, n=11), dict(m=300, n=75)], [37, 16]),
    (7, kmeans, [dict(m=90, n=5, k=4), dict(m=400, n=37, k=16)], [64, 31]),
    (8, rsvd, [dict(m=90, n=70, r=6), dict(m=301, n=97, r=12)], [64, 37]),
    (9, rlsi, [dict(terms=40, docs=30, k=5), dict(terms=120, docs=90, k=20)],
     [37, 16]),
    (10, tsqr, [dict(m=200, n=11), dict(m=777, n=32)], [None, None]),
]
wanted = [int(word) for word in sys.argv[3:]]
for number, program, sizes, edges in CASES:
    if wanted and number not in wanted:
        continue
    for size in sizes:
        THREADS[:] = ["2"] if size is sizes[0] else ["1", "2", "4"]
        for k, edge in enumerate(edges):
            given = dict(size)
            if number == 10:  # its tiles are its parameter b
                given["b"] = [64, 37][k]
            print("%d %s %s, tile %s" % (number, program.__name__, given,
                                         edge), flush=True)
            program(edge, **given)
