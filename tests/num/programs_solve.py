"""Ridge regression and alternating least squares against NumPy.

Usage: programs_solve.py TMRUN FOLDER_OF_PROGRAMS, in an empty folder.  Results
may differ by 100 eps times the condition of what is solved, relatively.
"""
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

TMRUN, PROGRAMS = sys.argv[1:]
EPS = 2.0 ** -52
random = np.random.default_rng(3)


def run(words, outputs):
    """Printed lines and outputs; the same for all threads."""
    results = []
    for threads in "1", "2", "4":
        done = subprocess.run([TMRUN, "-q", "--threads", threads] + words,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            sys.exit("%s: %s" % (words, done.stdout))
        results.append([done.stdout] +
                       [open(name + ".npy", "rb").read() for name in outputs])
    if results[1:] != results[:-1]:
        sys.exit("other bits with other threads: %s" % words)
    return [results[0][0]] + [np.load(name + ".npy") for name in outputs]


def near(what, ours, theirs, condition):
    error = np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
    print("%-28s error %8.2g, condition %8.2g" % (what, error, condition))
    if not error <= 100 * EPS * condition:
        sys.exit("%s differs" % what)


def ridge(m, n, tile):
    X = random.standard_normal((m, n))
    y = random.standard_normal((m, 1))
    np.save("X.npy", X)
    np.save("y.npy", y)
    text, W = run([PROGRAMS + "/06_ridge.tm", "X=X.npy", "y=y.npy", "--tile",
                   str(tile)], ["W"])
    best = np.inf
    for lam, line in zip([0.01, 0.1, 1, 10], text.splitlines(True)):
        A = X.T @ X + lam * np.eye(n)
        w = np.linalg.solve(A, X.T @ y)
        e = np.linalg.norm(X @ w - y)
        words = line.split()
        if float(words[1]) != lam or abs(float(words[4]) - e) > 1e-10 * e:
            sys.exit("ridge: %s, not %r" % (line, e))
        if e < best:
            best, wanted, condition = e, w, np.linalg.cond(A)
    near("ridge %d x %d, tile %d" % (m, n, tile), W, wanted, condition)


def rlsi(terms, docs, k, tile):
    D = random.random((terms, docs))
    np.save("D.npy", D)
    with open("start.tm", "w") as out:
        out.write("param terms = 1\nparam k = 1\n"
                  "U0 = rand(terms, k, seed=7)\noutput U0\n")
    _, U = run(["start.tm", "-D", "terms=%d" % terms, "-D", "k=%d" % k],
               ["U0"])
    _, ours_U, ours_V = run(
        [PROGRAMS + "/09_rlsi.tm", "D=D.npy", "-D", "k=%d" % k, "--tile",
         str(tile)], ["U", "V"])
    f, turns, condition = np.inf, 0, 1
    while True:
        turns += 1
        old = f
        A = U.T @ U + 0.1 * np.eye(k)
        V = np.linalg.solve(A, U.T @ D)
        B = V @ V.T + 0.1 * np.eye(k)
        U = np.linalg.solve(B, V @ D.T).T
        f = np.linalg.norm(D - U @ V) ** 2
        condition += np.linalg.cond(A) + np.linalg.cond(B)
        if old - f <= 1e-4 * f or turns >= 100:
            break
    case = "rlsi %d x %d, k %d, tile %d" % (terms, docs, k, tile)
    near(case + ": U", ours_U, U, condition)
    near(case + ": V", ours_V, V, condition)


for tile in 16, 37:
    ridge(60, 11, tile)
    ridge(300, 75, tile)
    rlsi(40, 30, 5, tile)
    rlsi(120, 90, 20, tile)
