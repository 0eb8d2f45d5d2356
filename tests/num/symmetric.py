"""Symmetric systems against NumPy: symmetric.py TMRUN [SEED], in an empty folder.

Backward errors are at most 3 n eps, whether the matrix is definite, indefinite
with a positive diagonal (where Cholesky fails on the way) or with another; the
flops say which of the two was done.
"""
import re
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

TMRUN = sys.argv[1]
random = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
TILE = 16
norm = np.linalg.norm
SCRIPT = """input A(n, n) is symmetric
input B(n, r)
X = A \\ B
output X
"""
LOOP = """input A(n, n) is symmetric
input B(n, r)
X = B
for k in 0..3
  S = (A - 2 * k * eye(n)) \\ B
  X = X + S
end
output X
"""


def run(script, threads=2, fails=False):
    with open("symmetric.tm", "w") as out:
        out.write(script)
    done = subprocess.run(
        [TMRUN, "-q", "-v", "--threads", str(threads), "--tile", str(TILE),
         "symmetric.tm", "A=A.npy", "B=B.npy"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if fails:
        return done.returncode, done.stderr
    if done.returncode:
        sys.exit("%s\n%s" % (script, done.stderr))
    with open("X.npy", "rb") as data:
        bits = data.read()
    flops = float(re.search(r"^tmrun: (\d+) flops", done.stderr, re.M)[1])
    return np.load("X.npy"), bits, flops


def numbers(rows, cols, dtype):
    A = random.standard_normal((rows, cols))
    if np.issubdtype(dtype, np.complexfloating):
        A = A + 1j * random.standard_normal((rows, cols))
    return A


def matrices(n, dtype):
    """Name, matrix, is it definite?"""
    G = numbers(n, n, dtype)
    H = (G + G.conj().T) / 2
    yield "definite", G @ G.conj().T + n * np.eye(n), True
    yield "indefinite", H, n == 1 and H[0, 0].real > 0
    if n > 1:
        D = H.copy()
        np.fill_diagonal(D, 0.01)
        yield "positive diagonal", D, False
        P = G @ G.conj().T + n * np.eye(n)  # all but the last pivot is positive
        P[-1, -1] = 1e-3
        P[-1, :-1] = P[:-1, -1] = 1
        yield "last pivot", P, False


def save(A, B, dtype):
    np.save("A.npy", np.asfortranarray(A.astype(dtype)))
    np.save("B.npy", np.asfortranarray(B.astype(dtype)))
    return np.load("A.npy"), np.load("B.npy")


def backward(A, X, B):
    eps = np.finfo(A.dtype).eps
    return norm(A @ X - B) / (len(A) * eps * (norm(A) * norm(X) + norm(B)))


def solves():
    worst = 0
    for dtype in np.float32, np.float64, np.complex64, np.complex128:
        unit = 4 if np.issubdtype(dtype, np.complexfloating) else 1
        for n in 1, TILE - 1, TILE, TILE + 1, 37, 61:
            for name, A, definite in matrices(n, dtype):
                A, B = save(A, numbers(n, 3, dtype), dtype)
                X, bits, flops = run(SCRIPT)
                error = backward(A.astype(np.complex128), X, B)
                error *= np.finfo(np.float64).eps / np.finfo(dtype).eps
                worst = max(worst, error)
                case = "%s, n = %d, %s" % (name, n, np.dtype(dtype).name)
                if not error <= 3:
                    sys.exit("%s: scaled error %g" % (case, error))
                work = unit * (n**3 / 3 + n**2 / 2 + n / 6 + 6 * n**2)
                if n > 1 and definite != (flops <= work + 8 * n + 8):
                    sys.exit("%s: %g flops, Cholesky's are %g"
                             % (case, flops, work))
                for threads in 1, 3, 4:
                    if n in (TILE, 61) and run(SCRIPT, threads)[1] != bits:
                        sys.exit("%s: other bits with %d threads"
                                 % (case, threads))
    print("solves: largest scaled error %.3g" % worst)


def loops():
    """Definite in the first turns, not in the last."""
    n = 37
    Q = np.linalg.qr(numbers(n, n, np.float64))[0]
    A = (Q * np.linspace(3, 90, n)) @ Q.T
    A, B = save((A + A.T) / 2, numbers(n, 2, np.float64), np.float64)
    wanted = B + sum(np.linalg.solve(A - 2 * k * np.eye(n), B)
                     for k in range(3))
    error = norm(run(LOOP)[0] - wanted) / norm(wanted)
    if not error < 1e-11:
        sys.exit("in a loop: error %g" % error)


def failures():
    """Singular ones are told as ever; nothing is said of Cholesky."""
    n = 37
    for A in np.zeros((n, n)), np.ones((n, n)), np.full((n, n), np.nan):
        save(A, np.ones((n, 1)), np.float64)
        status, text = run(SCRIPT, fails=True)
        if np.isnan(A).any():
            if status and "definite" in text:
                sys.exit(text)
        elif status != 1 or "singular" not in text or "definite" in text:
            sys.exit("status %d: %s" % (status, text))
        print(text.splitlines()[0] if text else "done")


solves()
loops()
failures()
