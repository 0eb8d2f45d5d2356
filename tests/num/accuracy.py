"""chol lu qr svd eig \\ against SciPy: accuracy.py TMRUN RANDOM, in an empty
folder.

For each type RANDOM random matrices (sizes 1, b-1, b, b+1, primes; square,
tall, wide) and 30 or more ill-conditioned ones.  Backward errors, and how far
factors are from orthonormal, must be at most three times SciPy's or
max(m, n, 8) * eps, whichever is larger (of a few rows and columns SciPy's own
are beyond max(m, n) * eps now and then).  Where SciPy finds a matrix singular or
not positive definite, so must we, with status 1 and the place.

Complex matrices are complex throughout: the real ones' families with rows and
columns turned by powers of i (exact, so what is singular stays so) or by any
phases (Hermitian ones stay Hermitian, and as definite), and some that real
numbers have not.
"""
import re
import subprocess
import sys

import numpy as np
import scipy.linalg as la

TMRUN, RANDOM = sys.argv[1], int(sys.argv[2])
TYPES = {"f32": np.float32, "f64": np.float64,
         "c64": np.complex64, "c128": np.complex128}
BATCH = 12
ALL = RANDOM >= 100     # complex ones: all turned both ways, or some
worst = {}
counts = {}
beyond = []


def norm(A):
    return float(np.linalg.norm(A)) if A.size else 0.0


def exact(*matrices):
    """In a type in which their products are exact enough to be measured."""
    out = []
    for A in matrices:
        wide = np.clongdouble if np.iscomplexobj(A) else np.longdouble
        out.append(np.asarray(A).astype(wide))
    return out


def over(a, b):
    return float(a / b) if b else float(a)


def orthogonality(Q):
    (Q,) = exact(Q)
    return norm(Q.conj().T @ Q - np.eye(Q.shape[1]))


# ---- one row an operation: lines of the script, errors of ours and SciPy's --

class Lu:
    lines = "[L{k}, U{k}, p{k}] = lu(A{k})"
    outputs = "L U p"

    @staticmethod
    def takes(A):
        return True

    @staticmethod
    def scipy(A, b):
        P, L, U = la.lu(A)
        return L, U, P.T.real @ np.arange(A.shape[0])

    @staticmethod
    def errors(A, b, L, U, p):
        size = norm(A)
        rows = np.asarray(p).ravel().astype(int)
        assert sorted(rows) == list(range(A.shape[0]))
        assert np.array_equal(np.triu(L, 1), np.zeros_like(L))
        assert np.array_equal(np.tril(U, -1), np.zeros_like(U))
        assert np.array_equal(np.diag(L), np.ones(min(A.shape)))
        A, L, U = exact(A, L, U)
        return {"lu": over(norm(A[rows] - L @ U), size)}


class Qr:
    lines = "[Q{k}, R{k}] = qr(A{k})"
    outputs = "Q R"

    @staticmethod
    def takes(A):
        return A.shape[0] >= A.shape[1]

    @staticmethod
    def scipy(A, b):
        return la.qr(A, mode="economic")

    @staticmethod
    def errors(A, b, Q, R):
        assert np.array_equal(np.tril(R, -1), np.zeros_like(R))
        Ax, Qx, Rx = exact(A, Q, R)
        return {"qr": over(norm(Ax - Qx @ Rx), norm(A)),
                "qr, Q": orthogonality(Q)}


class Svd:
    lines = "[P{k}, s{k}, V{k}] = svd(A{k})\nz{k} = svd(A{k})"
    outputs = "P s V z"

    @staticmethod
    def takes(A):
        return True

    @staticmethod
    def scipy(A, b):
        U, s, V = la.svd(A, full_matrices=False)
        return U, s, V.conj().T, la.svdvals(A)

    @staticmethod
    def errors(A, b, U, s, V, z):
        s, z = s.ravel(), z.ravel()
        assert (s >= 0).all() and (np.diff(s) <= 0).all()
        assert (z >= 0).all() and (np.diff(z) <= 0).all()
        Ax, Ux, sx, Vx = exact(A, U, s, V)
        return {"svd": over(norm(Ax - (Ux * sx) @ Vx.conj().T), norm(A)),
                "svd, U": orthogonality(U), "svd, V": orthogonality(V),
                "svd, values alone": over(norm(s - z), norm(A))}


class Eig:
    lines = "[w{k}, X{k}] = eig(A{k})\nv{k} = eig(A{k})"
    outputs = "w X v"

    @staticmethod
    def takes(A):
        return A.shape[0] == A.shape[1] and np.array_equal(A, A.conj().T)

    @staticmethod
    def scipy(A, b):
        w, X = la.eigh(A)
        return w, X, la.eigvalsh(A)

    @staticmethod
    def errors(A, b, w, X, v):
        w, v = w.ravel(), v.ravel()
        assert (np.diff(w) >= 0).all() and (np.diff(v) >= 0).all()
        Ax, wx, Xx = exact(A, w, X)
        return {"eig": over(norm(Ax - (Xx * wx) @ Xx.conj().T), norm(A)),
                "eig, V": orthogonality(X),
                "eig, values alone": over(norm(w - v), norm(A))}


class Chol:
    lines = "C{k} = chol(A{k})"
    outputs = "C"
    failure = r"is not positive definite: leading minor \d+"

    @staticmethod
    def takes(A):
        return Eig.takes(A)

    @staticmethod
    def scipy(A, b):
        return (la.cholesky(A, lower=True),)

    @staticmethod
    def errors(A, b, L):
        assert np.array_equal(np.triu(L, 1), np.zeros_like(L))
        Ax, Lx = exact(A, L)
        return {"chol": over(norm(Ax - Lx @ Lx.conj().T), norm(A))}


class Solve:
    """Square: LU.  Tall, of full rank: how far the residual is from normal to
    the columns.  Wide: the residual, and how much of x lies outside of the
    rows of A, for which the condition counts."""
    lines = "x{k} = A{k} \\ b{k}"
    outputs = "x"
    failure = r"is singular: pivot \d+ is 0|depends on those before it"

    @staticmethod
    def takes(A):
        return A.shape[0] == A.shape[1] or \
            np.linalg.matrix_rank(A) == min(A.shape)

    @staticmethod
    def scipy(A, b):
        if A.shape[0] == A.shape[1]:
            return (la.solve(A, b),)
        return (la.lstsq(A, b, cond=np.finfo(A.dtype).eps)[0],)

    @staticmethod
    def errors(A, b, x):
        m, n = A.shape
        size, Ax, bx, xx = norm(A), *exact(A, b, x)
        r = bx - Ax @ xx
        if m > n:
            return {"least squares": over(
                norm(Ax.conj().T @ r), size * (size * norm(x) + norm(b)))}
        residual = over(norm(r), size * norm(x) + norm(b))
        if m == n:
            return {"solve": residual}
        wide = A.astype(np.complex128 if np.iscomplexobj(A) else np.float64)
        Q = la.qr(wide.conj().T)[0][:, m:]
        outside = over(norm(Q.conj().T @ x), norm(x) * np.linalg.cond(wide))
        return {"least norm, residual": residual,
                "least norm, outside": outside}


OPERATIONS = [Lu, Qr, Svd, Eig, Chol, Solve]


# ---- runs ---------------------------------------------------------------

def tmrun(script, cases, tile):
    """cases: (k, A, b).  Status and what was said."""
    with open("t.tm", "w", encoding="ascii") as out:
        out.write(script)
    bound = []
    for k, A, b in cases:
        np.save(f"A{k}.npy", A)
        bound.append(f"A{k}=A{k}.npy")
        if f"input b{k}(" in script:
            np.save(f"b{k}.npy", b)
            bound.append(f"b{k}=b{k}.npy")
    done = subprocess.run([TMRUN, "-q", "--tile", str(tile), "t.tm"] + bound,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return done.returncode, done.stdout


def script_of(op, cases, known):
    """The sizes are known to the compiler, or when the plan is run."""
    lines = []
    for k, A, b in cases:
        m, n = A.shape if known else (f"m{k}", f"n{k}")
        lines.append(f"input A{k}({m}, {n})")
        if "b{k}" in op.lines:
            lines.append(f"input b{k}({m}, {b.shape[1]})")
    for k, A, b in cases:
        lines.append(op.lines.format(k=k))
        lines.append("output " + ", ".join(
            f"{name}{k}" for name in op.outputs.split()))
    return "\n".join(lines) + "\n"


def judge(op, name, A, b, ours, theirs):
    eps = float(np.finfo(A.dtype).eps)
    limit = max(*A.shape, 8) * eps
    ours = op.errors(A, b, *ours)
    theirs = op.errors(A, b, *theirs) if theirs else dict.fromkeys(ours, 0)
    for what, error in ours.items():
        bound = max(3 * theirs[what], limit)
        ratio = error / bound
        worst.setdefault(what, (0, ""))
        worst[what] = max(worst[what], (ratio, name))
        if not error <= bound:
            beyond.append(f"{what}: {error:.3g}, SciPy's {theirs[what]:.3g}, "
                          f"limit {limit:.3g}: {name}, {A.dtype}")


def accepted(op, group, tile, script, status, said):
    """group: (name, A, b, SciPy's result)."""
    if status:
        names = [name for name, *_ in group]
        sys.exit(f"{op.__name__}, status {status}\n{said}{names}\n{script}")
    for k, (name, A, b, theirs) in enumerate(group):
        ours = [np.load(f"{x}{k}.npy") for x in op.outputs.split()]
        for x, y in zip(ours, theirs or ()):
            assert x.size == np.asarray(y).size, (op.__name__, name)
        judge(op, f"{name} in tiles of {tile}", A, b, ours, theirs)
        counts[op.__name__] = counts.get(op.__name__, 0) + 1


def refused(op, name, script, status, said):
    line = script[:script.index(op.lines.format(k=0))].count("\n") + 1
    if status != 1 or not re.search(op.failure, said) or \
            not said.startswith(f"t.tm:{line}:"):
        sys.exit(f"{op.__name__} of {name} ends with status {status}, and "
                 f"should fail in line {line}:\n{said}")
    counts[op.__name__ + " refused"] = \
        counts.get(op.__name__ + " refused", 0) + 1


def batch(op, group, tile, known):
    cases = [(k, A, b) for k, (_, A, b, _) in enumerate(group)]
    script = script_of(op, cases, known)
    accepted(op, group, tile, script, *tmrun(script, cases, tile))


def failing(op, name, A, b, tile, known):
    """SciPy has refused: so must we."""
    script = script_of(op, [(0, A, b)], known)
    refused(op, name, script, *tmrun(script, [(0, A, b)], tile))


def singular(A):
    """Square, and singular to rounding: then a pivot may or may not be 0."""
    return A.shape[0] == A.shape[1] and \
        not np.linalg.cond(A) * np.finfo(A.dtype).eps < 0.1


def doubtful(op, name, A, b, theirs, tile):
    """Refused, or as accurate as any."""
    cases = [(0, A, b)]
    script = script_of(op, cases, True)
    status, said = tmrun(script, cases, tile)
    if status == 1 and re.search(op.failure, said):
        refused(op, name, script, status, said)
    else:
        accepted(op, [(name, A, b, theirs)], tile, script, status, said)


def certain(op, A):
    """Will no rounding turn what SciPy has refused into something else?"""
    if op is Chol:
        w = np.linalg.eigvalsh(A)
        return w[0] < -100 * np.finfo(A.dtype).eps * norm(A) or w[-1] <= 0
    zero = A == 0
    return zero.all(0).any() or zero.all(1).any() or (A == A[0, 0]).all()


def compare(matrices, rng):
    """matrices: (name, A)."""
    for op in OPERATIONS:
        group = []
        for name, A in matrices:
            if not op.takes(A):
                continue
            b = cast(normal(rng, A.shape[0], int(rng.integers(1, 4)),
                            np.iscomplexobj(A)), A.dtype)
            tile = int(rng.choice([3, 8, 16, 64]))
            try:
                theirs = op.scipy(A, b)
            except np.linalg.LinAlgError:
                if certain(op, A):
                    failing(op, name, A, b, tile, bool(rng.integers(2)))
                else:
                    doubtful(op, name, A, b, None, tile)
                continue
            if op is Solve and singular(A):
                doubtful(op, name, A, b, theirs, tile)
                continue
            group.append((name, A, b, theirs))
            if len(group) == BATCH:
                batch(op, group, tile, bool(rng.integers(2)))
                group = []
        if group:
            batch(op, group, 5, True)


# ---- matrices -----------------------------------------------------------

def normal(rng, m, n, is_complex):
    A = rng.standard_normal((m, n))
    return A + 1j * rng.standard_normal((m, n)) if is_complex else A


def cast(A, dtype):
    return np.ascontiguousarray(np.asarray(A).astype(dtype))


def symmetric(A):
    return (A + A.conj().T) / 2


def random_matrices(rng, dtype, count):
    """Sizes are about a tile's edge, or primes."""
    is_complex = np.issubdtype(dtype, np.complexfloating)
    sizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 23, 31, 41, 63, 64, 65]
    out = []
    for k in range(count):
        m, n = (int(x) for x in rng.choice(sizes, 2))
        kind = k % 6
        if kind < 4:
            n = m
        elif (m < n) == (kind == 4):
            m, n = n, m
        A = normal(rng, m, n, is_complex)
        if kind == 1:
            A = A @ A.conj().T + 0.1 * np.eye(m)
        if kind in (1, 2):
            A = symmetric(A)
        if kind == 3:
            A = A * 10.0 ** rng.uniform(-3, 3, n)
        A = cast(A, dtype)
        if kind == 1:
            A = cast(symmetric(A), dtype)
        out.append((f"random {k}, {m} x {n}", A))
    return out


def kahan(n, theta=1.2):
    c, s = np.cos(theta), np.sin(theta)
    return np.diag(s ** np.arange(n)) @ (np.eye(n) - c * np.triu(
        np.ones((n, n)), 1))


def growth(n):
    """Wilkinson's: the last column of U doubles in each step."""
    A = np.eye(n) - np.tril(np.ones((n, n)), -1)
    A[:, -1] = 1
    return A


def spectrum(rng, s, m, n):
    """Given singular values."""
    k = len(s)
    U = np.linalg.qr(rng.standard_normal((m, k)))[0]
    V = np.linalg.qr(rng.standard_normal((n, k)))[0]
    return (U * s) @ V.T


def ill_conditioned(rng, dtype):
    i = np.arange(1.0, 31)
    g = rng.standard_normal
    double = g((20, 20))
    double[13] = double[4]
    zero_column = g((17, 17))
    zero_column[:, 9] = 0
    tall_zero = g((30, 9))
    tall_zero[:, 4] = 0
    graded = symmetric(g((24, 24)))
    scale = 10.0 ** -np.linspace(0, 8, 24)
    low = g((25, 5))
    indefinite = np.eye(19)
    indefinite[11, 11] = -1
    largest = float(np.finfo(dtype).max) ** 0.4
    matrices = {
        "Hilbert 5": la.hilbert(5),
        "Hilbert 12": la.hilbert(12),
        "Hilbert 33": la.hilbert(33),
        "inverse of Hilbert 6": la.invhilbert(6),
        "tall Hilbert": la.hilbert(40)[:, :7],
        "Kahan 12": kahan(12),
        "Kahan 40": kahan(40),
        "tall Kahan": np.vstack([kahan(20), kahan(20)]),
        "Vandermonde": np.vander(np.linspace(0, 1, 12)),
        "tall Vandermonde": np.vander(np.linspace(0, 1, 50), 8),
        "wide Vandermonde": np.vander(np.linspace(0, 1, 50), 8).T,
        "graded rows": g((30, 30)) * 10.0 ** -(i / 3)[:, None],
        "graded columns": g((40, 30)) * 10.0 ** -(i / 3),
        "graded, symmetric": graded * scale * scale[:, None],
        "rank 5, symmetric": low @ low.T,
        "rank 5": low @ g((5, 25)),
        "rank 5, tall": low @ g((5, 11)),
        "rank 5, wide": g((11, 5)) @ low.T,
        "two equal rows": double,
        "column of zeros": zero_column,
        "tall with a column of zeros": tall_zero,
        "zeros": np.zeros((9, 9)),
        "ones": np.ones((10, 10)),
        "growth 20": growth(20),
        "growth 50": growth(50),
        "growth 65, its transpose": growth(65).T,
        "Wilkinson W21+": np.diag(abs(np.arange(-10.0, 11))) +
                          np.eye(21, k=1) + np.eye(21, k=-1),
        "Pascal": la.pascal(12).astype(float),
        "second difference": la.toeplitz([2.0, -1.0] + [0.0] * 48),
        "Laeuchli": np.vstack([np.ones((1, 9)), 1e-4 * np.eye(9)]),
        "one small singular value": spectrum(
            rng, np.append(np.ones(19), 1e-7), 20, 20),
        "geometric, tall": spectrum(rng, 10.0 ** -np.linspace(0, 5, 20), 45,
                                    20),
        "geometric, wide": spectrum(rng, 10.0 ** -np.linspace(0, 5, 20), 20,
                                    45),
        "clustered eigenvalues": symmetric(np.eye(30) + 1e-6 * g((30, 30))),
        "Jordan block": np.eye(15, k=1),
        "indefinite": indefinite,
        "negative definite": -np.eye(7),
        "large": g((14, 14)) * largest,
        "small": g((14, 14)) / largest,
        "min(i, j)": np.minimum(i[:, None], i),
    }
    if not np.issubdtype(dtype, np.complexfloating):
        return [(name, cast(A, dtype)) for name, A in matrices.items()]
    out = []
    for k, (name, A) in enumerate(matrices.items()):
        for order in (4, 997):
            if not ALL and k % 4 != 2 * (dtype == np.complex128) + order % 4:
                continue
            how = "turned by powers of i" if order == 4 else "turned"
            out.append((f"{name}, {how}", cast(turned(rng, A, order), dtype)))
    return out + [(name, cast(A, dtype))
                  for name, A in only_complex(rng).items()]


def turned(rng, A, order):
    """Of the same singular values, and Hermitian if A is."""
    def phases(count):
        k = rng.integers(0, order, count)
        return np.array([1, 1j, -1, -1j])[k] if order == 4 else \
            np.exp(2j * np.pi * k / order)

    m, n = A.shape
    d = phases(m)
    if m == n and np.array_equal(A, A.T):
        B = A * d[:, None] * d.conj()
        return np.tril(B, -1) + np.tril(B, -1).conj().T + np.diag(np.diag(A))
    return A * d[:, None] * phases(n)


def only_complex(rng):
    """What no turning makes of real matrices."""
    nodes = np.exp(1j * np.linspace(0, 2, 14))
    roots = np.exp(2j * np.pi * np.outer(np.arange(17), np.arange(17)) / 17)
    square = normal(rng, 22, 22, True)
    low = normal(rng, 26, 4, True)
    null = np.array([[1, 1j], [1j, -1]])
    return {
        "Vandermonde on an arc": np.vander(nodes),
        "tall Vandermonde on an arc": np.vander(
            np.exp(1j * np.linspace(0, 1, 40)), 9),
        "Fourier": roots,
        "Fourier with graded columns": roots * 10.0 ** -np.arange(0, 8.5, 0.5),
        "complex Hilbert": 1 / (np.add.outer(np.arange(9), np.arange(9)) +
                                1 + 0.5j),
        "Hermitian of rank 4": symmetric(low @ low.conj().T),
        "complex symmetric": square + square.T,
        "complex symmetric, A^2 = 0": np.kron(np.ones((3, 3)), null),
        "skew Hermitian": square - square.conj().T,
        "i times symmetric": 1j * (square + square.T).real,
        "Hermitian Toeplitz": la.toeplitz(0.9 ** np.arange(25.0) *
                                          np.exp(0.3j * np.arange(25))),
        "imaginary off the diagonal": 2 * np.eye(30) + 1j * (
            np.eye(30, k=1) - np.eye(30, k=-1)),
        "imaginary, indefinite": np.eye(30) + 1j * (
            np.eye(30, k=1) - np.eye(30, k=-1)),
        "growth by |re| + |im|": growth(30) * (1 + 0j) + 1j * np.tril(
            np.full((30, 30), 0.001), -1),
    }


def main():
    np.seterr(all="ignore")
    import warnings
    warnings.simplefilter("ignore")
    for kind in TYPES:
        rng = np.random.default_rng(2026)
        random = random_matrices(rng, TYPES[kind], RANDOM)
        ill = ill_conditioned(rng, TYPES[kind])
        assert len(ill) >= 30
        compare(random, rng)
        compare(ill, rng)
        print(f"{kind}: {len(random)} random and {len(ill)} ill-conditioned "
              "matrices")
    for what, count in sorted(counts.items()):
        print(f"  {what}: {count}")
    print("largest errors over what they may be:")
    for what, (ratio, name) in worst.items():
        print(f"  {what}: {ratio:.2f} ({name})")
    if beyond:
        sys.exit("\n".join(["too large:"] + beyond))


main()
