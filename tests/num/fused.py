"""Random expressions, fused and not, against NumPy.

Usage: fused.py TMC TMRUN SEED, in an empty folder.  Exits with 77 when there
is no NumPy.
"""
import itertools
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

TMC, TMRUN, SEED = sys.argv[1:]
random = np.random.default_rng(int(SEED))
EPS = np.finfo(float).eps
EDGE = 16
SIZES = (1, EDGE - 1, EDGE, EDGE + 1, 37, 0)
count = failures = 0


def fail(text):
    global failures
    failures += 1
    print(text)


def run(script, inputs, outputs, threads=1):
    """The outputs of a script, as arrays."""
    with open("s.tm", "w") as out:
        out.write(script)
    for name, value in inputs.items():
        np.save(name + ".npy", value)
    done = subprocess.run([TMC, "s.tm", "-o", "s.plan"], capture_output=True,
                          text=True)
    if done.returncode == 0:
        done = subprocess.run(
            [TMRUN, "s.plan", "-q", "--threads", str(threads), "--tile",
             str(EDGE), *[f"{name}={name}.npy" for name in inputs]],
            capture_output=True, text=True)
    if done.returncode:
        fail(f"status {done.returncode}: {done.stderr}\n{script}")
        return None
    return [np.load(name + ".npy") for name in outputs]


# ---- entrywise trees --------------------------------------------------------

LEAVES = [("A", lambda v: v["A"]), ("B", lambda v: v["B"]),
          ("T'", lambda v: v["T"].T), ("r", lambda v: v["r"]),
          ("c", lambda v: v["c"]), ("t'", lambda v: v["t"].T),
          ("2.5", lambda v: 2.5), ("max(abs(c))", lambda v: abs(v["c"]).max())]
PRODUCTS = [("P * Q", lambda v: v["P"] @ v["Q"]),
            ("Q' * P'", lambda v: (v["P"] @ v["Q"]).T),
            ("A * W", lambda v: v["A"] @ v["W"]),
            ("c * r", lambda v: v["c"] @ v["r"]),
            ("T' * T * A", lambda v: v["T"].T @ v["T"] @ v["A"])]


def leaf(products, empty):
    if products and random.random() < 0.4:
        text, value = PRODUCTS[random.choice([0, 0, 2, 3, 4])]
        return f"({text})", value
    return LEAVES[random.integers(len(LEAVES) - bool(empty))]


def tree(depth, products, empty):
    if depth == 0 or random.random() < 0.15:
        return leaf(products, empty)
    a, x = tree(depth - 1, products, empty)
    kind = random.integers(9)
    if kind == 0:
        return f"abs({a})", lambda v: np.abs(x(v))
    if kind == 1:
        return f"(-{a})", lambda v: -np.asarray(x(v))
    if kind == 2:
        return f"tanh({a})", lambda v: np.tanh(x(v))
    b, y = tree(depth - 1, products, empty)
    if kind == 3:
        return f"({a} .* {b})", lambda v: x(v) * np.asarray(y(v))
    if kind == 4:
        return f"max({a}, {b})", lambda v: np.maximum(x(v), y(v))
    if kind in (5, 6):
        return f"({a} - {b})", lambda v: np.asarray(x(v)) - y(v)
    return f"({a} + {b})", lambda v: np.asarray(x(v)) + y(v)


HEAD = """input A(m, n)
input B(m, n)
input T(n, m)
input r(1, n)
input t(n, 1)
input c(m, 1)
input P(m, k)
input Q(k, n)
input W(n, n)
"""


def values(m, n, k, dtype=float):
    shapes = {"A": (m, n), "B": (m, n), "T": (n, m), "r": (1, n), "t": (n, 1),
              "c": (m, 1), "P": (m, k), "Q": (k, n), "W": (n, n)}
    return {name: random.standard_normal(shape).astype(dtype)
            for name, shape in shapes.items()}


REDUCE = {"sum": (np.sum, lambda e: abs(e).sum()),
          "norm": (np.linalg.norm, lambda e: np.linalg.norm(e)),
          "max": (np.max, lambda e: abs(e).max()),
          "min": (np.min, lambda e: abs(e).max()),
          "rowsums": (lambda e: e.sum(1, keepdims=True),
                      lambda e: abs(e).sum(1).max()),
          "min_rows": (lambda e: e.min(1, keepdims=True),
                       lambda e: abs(e).max()),
          "max_rows": (lambda e: e.max(1, keepdims=True),
                       lambda e: abs(e).max())}


def check_reductions(m, n, dtype):
    """Fused, stored first, with more threads: the same bits; and NumPy's
    values."""
    global count
    v = values(m, n, 7, dtype)
    empty = m == 0 or n == 0
    text, value = tree(3, False, m == 0)
    text = f"(A + {text})"  # of this shape, never of one row
    names = ["sum", "norm"] if empty else list(REDUCE)
    fused = HEAD + "".join(f"x{k} = {f}({text})\n"
                           for k, f in enumerate(names))
    stored = HEAD + f"E = {text}\n" + "".join(
        f"x{k} = {f}(E)\n" for k, f in enumerate(names))
    outputs = [f"x{k}" for k in range(len(names))]
    ask = "output " + ", ".join(outputs) + "\n"
    wide = {name: a.astype(float) for name, a in v.items()}
    e = v["A"].astype(float) + np.asarray(value(wide))
    results = [run(fused + ask, v, outputs),
               run(fused + ask, v, outputs, threads=4),
               run(stored + ask + "output E\n", v, outputs)]
    count += 1
    if None in results:
        return
    for k, f in enumerate(names):
        one, *others = [r[k] for r in results]
        if any(o.tobytes() != one.tobytes() for o in others):
            fail(f"{f} of {m} x {n} {dtype.__name__}: other bits\n{text}")
        want, size = REDUCE[f][0](e), REDUCE[f][1](e) if e.size else 0
        if not np.all(abs(one.reshape(np.shape(want)) - want) <=
                      60 * np.finfo(dtype).eps * (size + 1)):
            fail(f"{f} of {m} x {n}: {one} for {want}\n{text}")


def check_products(m, n, k):
    """Trees with products, whole and reduced."""
    global count
    v = values(m, n, k)
    text, value = tree(3, True, m == 0 or n == 0)
    text = f"(A - {text})"
    script = HEAD + f"E = {text}\nx = norm({text})\ny = rowsums({text})\n" \
        "output E, x, y\n"
    one = run(script, v, ["E", "x", "y"])
    four = run(script, v, ["E", "x", "y"], threads=4)
    count += 1
    if one is None or four is None:
        return
    if any(a.tobytes() != b.tobytes() for a, b in zip(one, four)):
        fail(f"{m} x {n} x {k}: other bits with 4 threads\n{text}")
    want = v["A"] - np.asarray(value(v))
    bound = 1e4 * EPS * (m + n + k + 1) * (1 + (abs(want).max()
                                               if want.size else 0))
    if not np.all(abs(one[0] - want) <= bound):
        fail(f"{m} x {n} x {k}: {abs(one[0] - want).max()}\n{text}")
    if abs(one[1] - np.linalg.norm(want)) > bound * (m * n + 1):
        fail(f"norm of {m} x {n} x {k}\n{text}")
    if not np.all(abs(one[2] - want.sum(1, keepdims=True)) <= bound * (n + 1)):
        fail(f"rowsums of {m} x {n} x {k}\n{text}")


# ---- products with a structure ----------------------------------------------

STRUCTURE = """input X(m, n)
input Y(m, n)
input y(m, 1)
input w(n, 1)
input u(1, n)
input V(n, n)
param lam = 0.5
G = X' * X
H = X * X' + 2 * eye(m)
I = 3 * G - X' * (X / 2)
M = 2 * X' * X
A = V' * V + V + V'
for i in 0..3
  A = A - 0.5 * V * V'
end
S = X' * X + lam * eye(n)
assume S is spd
b = S \\ w
T = X' * X + eye(n)
c = chol(T)
d = chol(X' * X + eye(n))
U = X' * X + eye(n)
e = chol(U)
f = U(0, n - 1)
D = diag(y) * X
E = X * diag(w)
F = -X * diag(u)
K = tril(V) * V
L = V * tril(V)
N = triu(V) * tril(V)
O = triu(V) * w
P = X * triu(V)
Q = w - tril(V) * w
R = diag(w) * eye(n)
Z = eye(m) * X
a = sum((X' * Y) .* (V + V'))
g = X' * (X + Y)
output G, H, I, M, A, b, c, d, e, f, D, E, F, K, L, N, O, P, Q, R, Z, a, g
"""


def check_structure(m, n):
    global count
    v = {"X": (m, n), "Y": (m, n), "y": (m, 1), "w": (n, 1), "u": (1, n),
         "V": (n, n)}
    v = {k: random.standard_normal(shape) for k, shape in v.items()}
    X, Y, y, w, u, V = v.values()
    script = STRUCTURE
    I = np.eye(n)
    A = V.T @ V + V + V.T - 1.5 * V @ V.T
    want = {"G": X.T @ X, "H": X @ X.T + 2 * np.eye(m), "I": 2.5 * X.T @ X,
            "M": 2 * X.T @ X, "A": A, "D": y * X, "E": X * w.T, "F": -X * u,
            "K": np.tril(V) @ V, "L": V @ np.tril(V),
            "N": np.triu(V) @ np.tril(V), "O": np.triu(V) @ w,
            "P": X @ np.triu(V), "Q": w - np.tril(V) @ w, "R": w * I, "Z": X,
            "a": np.sum((X.T @ Y) * (V + V.T)), "g": X.T @ (X + Y),
            "f": (X.T @ X + I)[0, n - 1]}
    names = script.splitlines()[-1][7:].split(", ")
    one = run(script, v, names)
    four = run(script, v, names, threads=4)
    count += 1
    if one is None or four is None:
        return
    got = dict(zip(names, one))
    if any(a.tobytes() != b.tobytes() for a, b in zip(one, four)):
        fail(f"structure {m} x {n}: other bits with 4 threads")
    bound = 100 * EPS * (m + n) ** 2
    for name, value in want.items():
        if not np.all(abs(got[name].reshape(np.shape(value)) - value) <=
                      bound * (1 + abs(value).max())):
            fail(f"{name} of {m} x {n}: {abs(got[name] - value).max()}")
    for name in "GHIM":
        if (got[name] != got[name].T).any():
            fail(f"{name} of {m} x {n} is not symmetric")
    S = X.T @ X + 0.5 * I
    if abs(S @ got["b"] - w).max() > bound * np.linalg.cond(S) * abs(w).max():
        fail(f"solve {m} x {n}: {abs(S @ got['b'] - w).max()}")
    for name in "cde":
        L = got[name]
        if (abs(L @ L.T - X.T @ X - I).max() > bound * abs(X.T @ X + I).max()
                or (np.triu(L, 1) != 0).any()):
            fail(f"chol {name} of {m} x {n}")


for m, n in itertools.product((1, EDGE, 53), (1, EDGE - 1, EDGE, EDGE + 1, 37)):
    check_structure(m, n)
for m, n in itertools.product(SIZES, SIZES):
    check_reductions(m, n, float)
for m, n in ((37, 17), (1, 33), (70, 3)):
    check_reductions(m, n, np.float32)
for m, n, k in itertools.product((1, EDGE, 37), (1, EDGE + 1), (1, 19, 0)):
    check_products(m, n, k)

print(f"{count} cases, {failures} failures")
sys.exit(failures > 0)
