"""eig and svd in steps against SciPy: spectral.py TMRUN RANDOM.

Sizes from 256 on, around the edges of the band (64), of its groups of
reflections (32) and of strips of vectors (128); families of spectra that
divide and conquer, or deflation, find hard; matrices near overflow and
underflow.  Residuals, and how far vectors are from orthonormal, are at most
three times SciPy's or n eps, whichever is larger; RANDOM more of any size and
family.  One, two and four threads give the same bits.
"""
import subprocess
import sys

import numpy as np
import scipy.linalg as la

TMRUN, RANDOM = sys.argv[1], int(sys.argv[2])
TYPES = {"f32": np.float32, "f64": np.float64,
         "c64": np.complex64, "c128": np.complex128}
EIG = """\
input A(n, n) is symmetric
[w, V] = eig(A)
z = eig(A)
output w, V, z
"""
SVD = """\
input A(m, n)
[U, s, V] = svd(A)
z = svd(A)
output U, s, V, z
"""
rng = np.random.default_rng(20)


def run(script, A, names, threads=2, tile=None):
    with open("t.tm", "w", encoding="ascii") as f:
        f.write(script)
    np.save("A.npy", A)
    subprocess.run([TMRUN, "-q", "--threads", str(threads)]
                   + (["--tile", str(tile)] if tile else [])
                   + ["t.tm", "A=A.npy"], check=True)
    return [np.load(name + ".npy") for name in names.split()]


def norm(A):
    return float(np.linalg.norm(A.astype(wide(A))))


def wide(A):
    return np.complex128 if np.iscomplexobj(A) else np.float64


def exact(A, *factors):
    """A - the product of the factors, over A's norm; of entries near 1."""
    size = float(np.abs(A).max()) or 1.0
    product = factors[0].astype(wide(A))
    for x in factors[1:]:
        product = product @ x.astype(wide(A))
    return norm(A.astype(wide(A)) / size - product / size) / \
        (norm(A.astype(wide(A)) / size) or 1.0)


def apart(Q):
    Q = Q.astype(wide(Q))
    return norm(Q.conj().T @ Q - np.eye(Q.shape[1]))


def unitary(n, dtype):
    X = rng.standard_normal((n, n))
    if np.issubdtype(dtype, np.complexfloating):
        X = X + 1j * rng.standard_normal((n, n))
    return np.linalg.qr(X)[0]


def spectrum(kind, n):
    return {"random": lambda: rng.standard_normal(n),
            "clustered": lambda: np.where(rng.random(n) < 0.5, 1.0, 1 + 1e-9),
            "geometric": lambda: 10.0 ** np.linspace(0, -20, n),
            "deficient": lambda: np.where(np.arange(n) < n // 3, 1.0, 0.0)
            * rng.standard_normal(n),
            "one": lambda: np.where(np.arange(n) == 0, 1.0, 1e-12)}[kind]()


def matrix(kind, n, dtype):
    """Symmetric, and not."""
    if kind == "zero":
        return np.zeros((n, n), dtype), np.zeros((n, n), dtype)
    if kind == "identity":
        return np.eye(n, dtype=dtype), np.eye(n, dtype=dtype)
    if kind == "diagonal":
        D = np.diag(rng.standard_normal(n)).astype(dtype)
        return D, D
    if kind == "tridiagonal":
        T = np.diag(np.full(n, 2.0)) - np.eye(n, k=1) - np.eye(n, k=-1)
        return T.astype(dtype), (T + np.eye(n, k=2)).astype(dtype)
    if kind == "wilkinson":
        W = np.diag(np.abs(np.arange(n) - (n - 1) / 2)) + np.eye(n, k=1) \
            + np.eye(n, k=-1)
        return W.astype(dtype), np.tril(W).astype(dtype)
    if kind == "ones":
        return np.ones((n, n), dtype), np.ones((n, n), dtype)
    if kind == "blocks":
        X = rng.standard_normal((n, n))
        X[n // 2:, :n // 2] = 0
        X[:n // 2, n // 2:] = 0
        return (X + X.T).astype(dtype), X.astype(dtype)
    factor = 1.0
    if kind in ("huge", "tiny"):
        single = np.dtype(dtype) in (np.float32, np.complex64)
        factor = 10.0 ** ((36 if single else 300) * (1 if kind == "huge"
                                                     else -1))
        kind = "random"
    w = spectrum(kind, n)
    Q, P = unitary(n, dtype), unitary(n, dtype)
    A, B = (Q * w) @ Q.conj().T, (Q * w) @ P
    A = (A + A.conj().T) / 2
    return (A * factor).astype(dtype), (B * factor).astype(dtype)


def check(what, ours, theirs, n, eps):
    for name in ours:
        bound = max(3 * theirs[name], n * eps)
        assert ours[name] <= bound, (what, name, ours[name], bound)
        worst[name] = max(worst.get(name, 0), ours[name] / bound)


def off(s, z):
    s, z = s.astype(np.float64), z.astype(np.float64)
    size = max(float(np.abs(s).max()), 1e-300)
    return norm(s / size - z / size) / (norm(s / size) or 1.0)


def eig_case(what, A):
    eps = float(np.finfo(A.dtype).eps)
    n = A.shape[0]
    w, V, z = run(EIG, A, "w V z")
    w, z = w.ravel(), z.ravel()
    assert (np.diff(w) >= 0).all() and (np.diff(z) >= 0).all(), what
    r, X = la.eigh(A.astype(A.dtype), driver="evd")
    full = V.astype(wide(A)) * w.astype(np.float64)
    theirs = X.astype(wide(A)) * r.astype(np.float64)
    check(what, {"eig": exact(A, full, V.conj().T), "eig, V": apart(V),
                 "eig, values alone": off(w, z)},
          {"eig": exact(A, theirs, X.conj().T), "eig, V": apart(X),
           "eig, values alone": off(r, la.eigvalsh(A))}, n, eps)


def svd_case(what, A):
    eps = float(np.finfo(A.dtype).eps)
    U, s, V, z = run(SVD, A, "U s V z")
    s, z = s.ravel(), z.ravel()
    assert (np.diff(s) <= 0).all() and (np.diff(z) <= 0).all(), what
    assert (s >= 0).all() and (z >= 0).all(), what
    Y, r, X = la.svd(A, full_matrices=False)
    full = U.astype(wide(A)) * s.astype(np.float64)
    theirs = Y.astype(wide(A)) * r.astype(np.float64)
    check(what, {"svd": exact(A, full, V.conj().T), "svd, U": apart(U),
                 "svd, V": apart(V), "svd, values alone": off(s, z)},
          {"svd": exact(A, theirs, X), "svd, U": apart(Y),
           "svd, V": apart(X.conj().T), "svd, values alone":
           off(r, la.svdvals(A))}, max(A.shape), eps)


def both(kind, n, name):
    A, B = matrix(kind, n, TYPES[name])
    A, B = np.asfortranarray(A), np.asfortranarray(B)
    what = "%s %s %d" % (name, kind, n)
    eig_case(what, A)
    svd_case(what, B)


KINDS = ["random", "clustered", "geometric", "deficient", "one", "zero",
         "identity", "diagonal", "tridiagonal", "wilkinson", "ones", "blocks",
         "huge", "tiny"]
worst = {}
for name in TYPES:
    worst.clear()
    few = name in ("c64", "c128")
    for n in (256, 300) if few else (256, 257, 320, 322, 450):
        both("random", n, name)
    for k, kind in enumerate(KINDS[1:]):
        if not few or kind in ("deficient", "huge", "tiny", "zero"):
            both(kind, 256 + 7 * k, name)
    for _ in range(RANDOM):
        both(str(rng.choice(KINDS)), int(rng.integers(256, 500)), name)
    svd_case(name + " tall", rng.standard_normal((500, 270)).astype(
        TYPES[name]))
    svd_case(name + " wide", rng.standard_normal((270, 400)).astype(
        TYPES[name]))
    print(name, ", ".join("%s %.2f" % x for x in worst.items()), "of bound")
    A, B = matrix("random", 301, TYPES[name])
    for script, X, names in ((EIG, A, "w V z"), (SVD, B, "U s V z")):
        bits = {b"".join(x.tobytes() for x in run(script, X, names, threads,
                                                  96))
                for threads in (1, 2, 4)}
        assert len(bits) == 1, (name, "bits differ between threads")

# What is not finite is refused, by name.
for script in (EIG, SVD):
    A = rng.standard_normal((300, 300))
    A = A + A.T
    A[200, 100] = A[100, 200] = np.nan
    with open("t.tm", "w", encoding="ascii") as f:
        f.write(script)
    np.save("A.npy", A)
    done = subprocess.run([TMRUN, "-q", "t.tm", "A=A.npy"],
                          capture_output=True, text=True)
    assert done.returncode == 1 and "A has an entry that is NaN" in \
        done.stderr, done.stderr
