"""f32, f64, c64 and c128 in the whole language against NumPy.

Usage: element_types.py TMRUN.  Every type goes through products with all
transposes and conjugates, entrywise functions, reductions, conversions,
solves, lu, chol, qr, lstsq and the library, for sizes around the tile edge,
vectors and empty matrices.  Errors are relative to the sizes that were added up and to eps,
solutions are judged by residuals.  Several threads give the same bits.
"""
import subprocess
import sys

import numpy as np

TMRUN, = sys.argv[1:]
TYPES = {"f32": np.float32, "f64": np.float64,
         "c64": np.complex64, "c128": np.complex128}
REAL = {"f32": "f32", "f64": "f64", "c64": "f32", "c128": "f64"}
COMPLEX = {"f32": "c64", "f64": "c128", "c64": "c64", "c128": "c128"}
TILE = 4
SHAPES = [(1, 1), (3, 3), (4, 4), (5, 5), (13, 13), (13, 5), (9, 4), (1, 7),
          (7, 1), (4, 9), (0, 3), (3, 0), (0, 0), (17, 12)]
bad = checks = 0


def report(text):
    global bad
    bad += 1
    print("FAILED", text)


def run(lines, inputs, threads=1):
    """The outputs of a script, by name."""
    names = [line.split("=")[0].strip() for line in lines
             if not line.startswith(("[", "if", " ", "end", "matrix",
                                  "assume"))]
    names += [n.strip(" []") for line in lines if line.startswith("[")
              for n in line.split("=")[0].split(",")]
    with open("t.tm", "w", encoding="ascii") as f:
        f.write(f"tile {TILE}\n")
        f.writelines(f"input {n}(:, :)\n" for n in inputs)
        f.write("\n".join(lines) + f"\noutput {', '.join(names)}\n")
    for name, value in inputs.items():
        np.save(name + ".npy", value)
    done = subprocess.run(
        [TMRUN, "-q", "--threads", str(threads), "t.tm"] +
        [f"{n}={n}.npy" for n in inputs], check=False,
        stderr=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        report(f"status {done.returncode}: {done.stderr}")
        print(open("t.tm", encoding="ascii").read())
        return None
    return {n: np.load(n + ".npy") for n in names}


def size(x):
    return float(np.linalg.norm(np.asarray(x, np.complex128)))


def close(what, got, want, scale, type_, n):
    """Of the type, and off by at most a few n eps of the scale."""
    global checks
    checks += 1
    eps = np.finfo(TYPES[type_]).eps
    want = np.asarray(want)
    if got.dtype != TYPES[type_] or got.shape != want.shape:
        report(f"{what}: {got.dtype} {got.shape}, not {type_} {want.shape}")
    elif not size(got - want) <= 8 * (n + 4) * eps * max(size(scale), 1e-30):
        report(f"{what}: off by {size(got - want):g} of {size(scale):g}")


def random(rng, type_, m, n):
    x = rng.standard_normal((m, n))
    if type_[0] == "c":
        x = x + 1j * rng.standard_normal((m, n))
    return x.astype(TYPES[type_])


def wide(x):
    return np.asarray(x, np.complex128 if np.iscomplexobj(x) else np.float64)


# One word of a product: how A is written, and what it is.
FORMS = {"{}": lambda x: x, "{}'": lambda x: x.conj().T,
         "{}.'": lambda x: x.T, "conj({})": lambda x: x.conj()}


def products(type_, m, n, rng):
    p = 6
    A, B = random(rng, type_, m, n), random(rng, type_, n, p)
    inputs = {"A": A, "B": B, "At": A.T.copy(), "Bt": B.T.copy()}
    lines, wants = [], {}
    for i, (f, left) in enumerate(FORMS.items()):
        for j, (g, right) in enumerate(FORMS.items()):
            a, b = "At" if "'" in f else "A", "Bt" if "'" in g else "B"
            x, y = left(wide(inputs[a])), right(wide(inputs[b]))
            lines.append(f"P{i}{j} = {f.format(a)} * {g.format(b)}")
            wants[f"P{i}{j}"] = (x @ y, abs(x) @ abs(y))
    A = wide(A)
    for name, text, want, scale in [
            ("H1", "A * A'", A @ A.conj().T, abs(A) @ abs(A).T),
            ("H2", "A' * A", A.conj().T @ A, abs(A).T @ abs(A)),
            ("H3", "A.' * A", A.T @ A, abs(A).T @ abs(A)),
            ("H4", "A * A.'", A @ A.T, abs(A) @ abs(A).T),
            ("H5", "A' * A + A.' * conj(A)", A.conj().T @ A + A.T @ A.conj(),
             abs(A).T @ abs(A))]:
        lines.append(f"{name} = {text}")
        wants[name] = (want, scale)
    got = run(lines, inputs)
    for name in got or ():
        close(f"{name} {m}x{n}", got[name], *wants[name], type_, n + m)


def entrywise(type_, m, n, rng):
    A, B = random(rng, type_, m, n), random(rng, type_, m, n)
    B[np.arange(min(m, n)), np.arange(min(m, n))] = \
        A[np.arange(min(m, n)), np.arange(min(m, n))]
    r, c = REAL[type_], COMPLEX[type_]
    other = {"f32": "f64", "f64": "f32", "c64": "c128", "c128": "c64"}[type_]
    a, b = wide(A), wide(B)
    s = np.sum(np.abs(a)) + 1
    t = np.linalg.norm(a) + 1
    tests = {
        "E1": ("A + 2 * B - A .* B", a + 2 * b - a * b, type_),
        "E2": ("A ./ (B + 4)", a / (b + 4), type_),
        "E3": ("exp(A) + sin(A) + cos(B) + tanh(A)",
               np.exp(a) + np.sin(a) + np.cos(b) + np.tanh(a), type_),
        "E4": ("sqrt(A .* A + 9) + log(A .* A + 9)",
               np.sqrt(a * a + 9) + np.log(a * a + 9), type_),
        "E5": ("abs(A)", abs(a), r), "E6": ("real(A)", a.real, r),
        "E7": ("imag(A)", a.imag, r),
        "E8": ("arg(A) + angle(B)", np.angle(a) + np.angle(b), r),
        "E9": ("conj(A) + B.'.'", a.conj() + b, type_),
        "F1": ("complex(real(A), real(B))", a.real + 1j * b.real, c),
        "F2": (f"{other}(A) + {other}(B)", a + b, other),
        "F3": (f"{other}(A .* B)", a * b, other),
        "F4": (f"{c}(A)", a, c),
        "F5": ("A == B", a == b, r), "F6": ("A != B", a != b, r),
        "F7": ("select(abs(A) < 1, A, B)", np.where(abs(a) < 1, a, b), type_),
        "F8": ("select(A == B, real(A), 7)", np.where(a == b, a.real, 7), r),
        "F9": (f"A / (sum(abs(A)) + 1) * (norm(A) + 1)", a / s * t, type_),
        "G1": ("A .^ 2 + (A - B) .^ 2", a ** 2 + (a - b) ** 2, type_),
        "G2": ("A + A(:, 0..1) .* B", a + a[:, :1] * b if n else a, type_),
        "G3": ("(A.' + B')'", a.conj() + b, type_),
        "G4": ("!(A == B) && A != 0", (a != b) & (a != 0), r)}
    if n == 0:
        del tests["G2"]
    got = run([f"{k} = {v[0]}" for k, v in tests.items()], {"A": A, "B": B})
    for k in got or ():
        text, want, is_ = tests[k]
        coarse = is_ if "32" in is_ or is_ == "c64" else \
            {"f32": "f32", "c64": "f32"}.get(type_, is_)
        if coarse != is_ and got[k].dtype == TYPES[is_]:
            eps_type = "c64" if is_[0] == "c" else "f32"
            close(f"{text} {m}x{n}", got[k].astype(TYPES[eps_type]), want,
                  size(want) + size(a) + 1, eps_type, 8)
        else:
            close(f"{text} {m}x{n}", got[k], want, size(want) + size(a) + 1,
                  is_, 8)


def reductions(type_, m, n, rng):
    A, B = random(rng, type_, m, n), random(rng, type_, m, n)
    a, b = wide(A), wide(B)
    r = REAL[type_]
    q = min(m, n)
    total = np.sum(abs(a)) + 1
    tests = {
        "R1": ("sum(A)", [[a.sum()]], type_),
        "R2": ("norm(A)", [[np.linalg.norm(a)]], r),
        "R3": ("dot(A, B)", [[np.vdot(a, b)]], type_),
        "R4": ("rowsums(A)", a.sum(1, keepdims=True), type_),
        "R5": ("colsums(A)", a.sum(0, keepdims=True), type_),
        "R6": ("sum(A')", [[a.conj().sum()]], type_),
        "R7": ("rowsums(A.')", a.T.sum(1, keepdims=True), type_),
        "R8": ("rowsums(A')", a.conj().T.sum(1, keepdims=True), type_),
        "R9": ("norm(A.' - B.')", [[np.linalg.norm(a - b)]], r),
        "S1": ("tril(A)", np.tril(a), type_),
        "S2": ("triu(A')", np.triu(a.conj().T), type_),
        "S3": ("retile(A.', 3, 2)", a.T, type_),
        "S4": ("[A, B; B, A]", np.block([[a, b], [b, a]]), type_),
        "S5": (f"A(0..{q}, 0..{q}).'", a[:q, :q].T, type_),
        "S6": (f"conj(A)(0..{m}, :)", a.conj(), type_),
        "T1": ("max(abs(A) + 1)", [[abs(a).max(initial=0) + 1]], r)}
    if m == n:
        tests["T2"] = ("trace(A')", [[np.trace(a.conj())]], type_)
        tests["T3"] = ("diag(A)", np.diag(a)[:, None], type_)
    if m * n:
        tests["T5"] = ("mean(A)", [[a.mean()]], type_)
        tests["T6"] = (f"A({m - 1}, {n - 1}) + A'({n - 1}, {m - 1})",
                       [[2 * a[-1, -1].real]], type_)
        tests["T7"] = (f"conj(A)({m - 1}, {n - 1})", [[a[-1, -1].conj()]],
                       type_)
    else:
        del tests["T1"]
        if m == 0:
            del tests["S6"]
    got = run([f"{k} = {v[0]}" for k, v in tests.items()], {"A": A, "B": B})
    for k in got or ():
        text, want, is_ = tests[k]
        close(f"{text} {m}x{n}", got[k], want,
              (total + np.sum(abs(b))) * (total if "dot" in text else 1), is_,
              m * n + 1)


def factors(type_, m, n, rng):
    """Residuals of what is solved and taken apart."""
    q, p = min(m, n), 3
    A, Y = random(rng, type_, m, n), random(rng, type_, m, p)
    S, X = random(rng, type_, n, n), random(rng, type_, n, p)
    H = (wide(S) @ wide(S).conj().T + np.eye(n)).astype(TYPES[type_])
    W = random(rng, type_, p, n)
    lines = ["x = S \\ X", "z = W / S", "u = S' \\ X", "v = S.' \\ X",
             "L = chol(H)", "V = inv(S)", "d = det(S)",
             "t = tril(H) \\ X", "T = X' / triu(H).'"]
    lines.append("[La, Ua, pa] = lu(A)")
    if m >= n:
        lines += ["[Q, R] = qr(A)", "b = lstsq(A, Y)"]
    lines.append("[Ls, Us, ps] = lu(S)")
    inputs = {"A": A, "Y": Y, "S": S, "X": X, "H": H, "W": W}
    got = run(lines, inputs)
    if got is None:
        return
    eps_scale = np.linalg.norm(np.linalg.inv(wide(S)), 2) if n else 0
    A, Y, S, X, H, W = (wide(x) for x in (A, Y, S, X, H, W))
    g = {k: wide(v) for k, v in got.items()}
    for k, v in got.items():
        if k not in ("pa", "ps") and v.dtype != TYPES[type_]:
            report(f"{k} is {v.dtype}, not {type_}")

    def zero(what, x, scale):
        close(f"{what} {m}x{n}", np.asarray(x).astype(TYPES[type_]),
              np.zeros_like(x), scale, type_, 4 * (m + n))

    def solved(what, M, x, y):
        zero(what, M @ x - y, size(M) * size(x) + size(y))

    solved("S \\ X", S, g["x"], X)
    solved("W / S", S.T, g["z"].T, W.T)
    solved("S' \\ X", S.conj().T, g["u"], X)
    solved("S.' \\ X", S.T, g["v"], X)
    solved("tril(H) \\ X", np.tril(H), g["t"], X)
    solved("X' / triu(H).'", np.triu(H), g["T"].T, X.conj())
    zero("inv", S @ g["V"] - np.eye(n), size(S) * size(g["V"]) + 1)
    zero("det", g["d"] - np.linalg.det(S),
         abs(np.linalg.det(S)) * (1 + eps_scale * size(S)))
    zero("chol", g["L"] @ g["L"].conj().T - H, size(H))
    zero("chol lower", np.triu(g["L"], 1), 1)
    for x, L, U, P in [(A, "La", "Ua", "pa"), (S, "Ls", "Us", "ps")]:
        rows = g[P][:, 0].astype(int)
        zero("lu", g[L] @ g[U] - x[rows], size(g[L]) * size(g[U]) + size(x))
        if np.any(abs(g[L]) > 1.5):
            report(f"lu: no pivoting, {abs(g[L]).max()}")
    if m >= n:
        zero("qr", g["Q"] @ g["R"] - A, size(A))
        zero("qr Q", g["Q"].conj().T @ g["Q"] - np.eye(n), 1 + q)
        zero("qr R", np.tril(g["R"], -1) + 1j * np.diag(np.diag(g["R"]).imag)
             if type_[0] == "c" else np.tril(g["R"], -1), 1)
        r = Y - A @ g["b"]
        zero("lstsq", A.conj().T @ r,
             size(A) * (size(A) * size(g["b"]) + size(Y)))


def library(type_, m, n, rng):
    """The functions of the library that are not in a group of their own."""
    A, B = random(rng, type_, m, n), random(rng, type_, 3, 2)
    S = random(rng, type_, n, n)
    a, b, s = wide(A), wide(B), wide(S)
    r = REAL[type_]
    q = min(m, n)
    tests = {
        "K1": ("kron(A, B)", np.kron(a, b), 1, type_),
        "K2": ("kron(B', A)", np.kron(b.conj().T, a), 1, type_),
        "K3": ("cumsum(A)", np.cumsum(a, 0), abs(a).sum(0), type_),
        "K4": ("cumsum(A')", np.cumsum(a.conj().T, 0), abs(a).sum(1), type_),
        "K5": ("prod(A)", [[np.prod(a)]], 0, type_),
        "K6": ("any(A == 1)", [[0]], 1, r),
        "K7": ("all(A)", [[1]], 1, r),
        "K8": ("isnan(A) + isinf(A)", np.zeros((m, n)), 1, r),
        "K9": ("vcat(hcat(A, 2 * A), hcat(A, A))",
               np.block([[a, 2 * a], [a, a]]), 1, type_),
        "L1": (f"reshape(A, {n}, {m})", a.reshape((n, m), order="F"), 1,
               type_),
        "L2": ("S ^ 3", s @ s @ s, size(s) ** 3, type_),
        "L3": ("S ^ 0", np.eye(n), 1, type_),
        "L4": ("norm(A, 1)", [[np.linalg.norm(a, 1) if q else 0]], 1, r),
        "L5": ("norm(A, inf)", [[np.linalg.norm(a, np.inf) if q else 0]], 1,
               r),
        "L6": ("norm(A, 2)", [[np.linalg.norm(a, 2) if q else 0]], 1, r),
        'L7': ('norm(A, "fro") + normf(A)', [[2 * np.linalg.norm(a)]], 1, r),
        "L8": ("rank(A)", [[q]], 1, r),
        "L9": ("rank(A * A')", [[q]], 1, r)}
    if q:
        tests["M1"] = ("colmeans(A)", a.mean(0, keepdims=True), size(a), type_)
        tests["M2"] = ("rowmeans(A)", a.mean(1, keepdims=True), size(a), type_)
        k = np.linalg.cond(a)
        tests["M3"] = ("cond(A)", [[k]], k * k, r)
        k = np.linalg.cond(s, 1)
        tests["M4"] = ("cond(S, 1)", [[k]], k * k, r)
        k = np.linalg.cond(a)
        pinv = np.linalg.pinv(a)
        tests["M5"] = ("pinv(A)", pinv, k * size(pinv), type_)
        tests["M6"] = ("pinv(A')", pinv.conj().T, k * size(pinv), type_)
        low = a[:, :1] @ a[:1]
        tests["M7"] = ("pinv(A(:, 0..1) * A(0..1, :))", np.linalg.pinv(low),
                       np.linalg.norm(1 / np.linalg.norm(low)), type_)
        tests["M8"] = ("rank(A(:, 0..1) * A(0..1, :))", [[1]], 1, r)
        inverse = np.linalg.inv(s)
        tests["M9"] = ("S ^ -2", inverse @ inverse,
                       size(s) ** 2 * size(inverse) ** 4 + 1, type_)
    if m * n > 1:
        tests["N1"] = ("var(A)", [[a.var(ddof=1)]], size(a) ** 2, r)
        tests["N2"] = ("std(A)", [[a.std(ddof=1)]], size(a), r)
    if q and m > 1:
        tests["N3"] = ("cov(A)", np.atleast_2d(np.cov(a, rowvar=False)),
                       size(a) ** 2, type_)
    if q:
        tests["N4"] = ("linspace(A(0, 0), 3, 7)",
                       np.linspace(a[0, 0], 3, 7)[:, None], 9, type_)
    lines = [f"{k} = {v[0]}" for k, v in tests.items()]
    if q:
        lines.append(f"[U, z, V] = rsvd(A, {q})")
    got = run(lines, {"A": A, "B": B, "S": S})
    for k in tests if got else ():
        text, want, scale, is_ = tests[k]
        close(f"{text} {m}x{n}", got[k], want, size(want) + size(scale), is_,
              m * n + m + n)
    if got and q:
        U, V = wide(got["U"]), wide(got["V"])
        for what, x in [("rsvd", (U * got["z"].T) @ V.conj().T - a),
                        ("rsvd U", U.conj().T @ U - np.eye(q)),
                        ("rsvd V", V.conj().T @ V - np.eye(q))]:
            close(f"{what} {m}x{n}", x.astype(TYPES[type_]), 0 * x,
                  size(a) + q, type_, m + n)
        close(f"rsvd, values {m}x{n}", got["z"],
              np.linalg.svd(a)[1][:, None], size(a), r, m + n)


def refinement(type_, rng):
    """Least squares with a large residual and a bad condition: refined, the
    error has no square of the condition in it."""
    m, n, condition = 37, 11, 1e3 if "32" in REAL[type_] else 1e6
    Q = [np.linalg.qr(random(rng, COMPLEX[type_] if type_[0] == "c" else
                             type_, k, n).astype(
                                 np.complex128 if type_[0] == "c" else float)
                      )[0] for k in (m, n)]
    A = ((Q[0] * np.geomspace(1, 1 / condition, n)) @ Q[1].conj().T).astype(
        TYPES[type_])
    y = random(rng, type_, m, 1)
    exact = np.array(A, np.clongdouble if type_[0] == "c" else np.longdouble)
    R = np.linalg.pinv(wide(A))
    x = R @ wide(y)
    for _ in range(4):      # on the normal equations, in long doubles
        x = x + R @ wide(R.conj().T @ wide(exact.conj().T @ (y - exact @ x)))
    got = run(["x = lstsq(A, y, true)", "z = lstsq(A, y, false)"],
              {"A": A, "y": y})
    if got:
        close("lstsq, refined", got["x"], x, condition * size(x), type_, 1)
        close("lstsq, not refined", got["z"], x,
              condition ** 2 * size(y) + condition * size(x), type_, n)


def estimated_condition(type_, rng):
    """From 257 rows on cond(A, 1) is a lower bound, seldom far below."""
    A = random(rng, type_, 270, 270)
    A[:, 5] *= 1e-2
    got = run(["k = cond(A, 1)"], {"A": A})
    if got:
        ratio = got["k"][0, 0] / abs(np.linalg.cond(wide(A), 1))
        if not 1 / 3 < ratio < 1.02 or got["k"].dtype != TYPES[REAL[type_]]:
            report(f"cond(A, 1) of 270 rows, {type_}: {ratio} of the true one")


def hermitian(type_, n, rng):
    """What is known of symmetric and diagonal matrices, of complex ones:
    the diagonal of H is negative, where roots and logarithms have their cut,
    and that of D is not real."""
    H = random(rng, type_, n, n)
    H = (H + H.conj().T - 9 * np.eye(n)).astype(TYPES[type_])
    v, X = random(rng, type_, n, 1), random(rng, type_, n, 3)
    D = np.diag(v[:, 0])
    want = {"b": np.angle(H).T, "f": H.imag.T, "g": np.exp(H).conj().T,
            "D": D, "d": D.conj().T, "h": (D @ D).conj().T,
            "k": (H + 1).conj().T, "u": D.conj().T @ X,
            "w": np.linalg.solve(D.conj().T, X), "y": (D + D).conj().T,
            "z": (2 * np.eye(n)).astype(H.dtype) @ X}
    lines = ["assume H is symmetric", "b = angle(H)'", "f = imag(H)'",
             "g = exp(H)'", "D = diag(v(:, 0))", "d = D'", "h = (D * D)'",
             "k = (H + 1)'", "u = D' * X", "w = D' \\ X", "y = (D + D)'",
             f"z = 2 * eye({n}, type={type_}) * X"]
    if type_[0] == "c":
        want.update(a=np.sqrt(H).conj().T, c=np.log(H).conj().T,
                    e=(H ** 0.5).conj().T)
        lines += ["a = sqrt(H)'", "c = log(H)'", "e = (H .^ 0.5)'"]
    got = run(lines, {"H": H, "v": v, "X": X})
    for k in got or ():
        global checks
        checks += 1
        if not size(wide(got[k]) - wide(want[k])) <= \
                200 * np.finfo(TYPES[type_]).eps * (1 + size(want[k])):
            report(f"{k} of Hermitian {n}, {type_}:\n{got[k]}\n{want[k]}")


def sources(type_):
    """Numbers of random sources: uniform and normal parts, Hermitian spd."""
    lines = [f"u = rand(60, 50, type={type_})",
             f"g = randn(60, 50, type={type_})",
             f"s = spd(13, type={type_})", f"e = eye(3, 5, type={type_})",
             f"o = ones(2, 3, type={type_})", f"f = fill(3, 2, 1.5, "
             f"type={type_})", f"z = zeros(2, 2, type={type_})"]
    got = run(lines, {})
    if got is None:
        return
    for k, want in [("e", np.eye(3, 5)), ("o", np.ones((2, 3))),
                    ("f", np.full((3, 2), 1.5)), ("z", np.zeros((2, 2)))]:
        if got[k].dtype != TYPES[type_] or np.any(got[k] != want):
            report(f"{k} {type_}: {got[k]}")
    u, g, s = got["u"], got["g"], got["s"]
    parts = [u.real, u.imag] if type_[0] == "c" else [u]
    for x in parts:
        if x.min() < 0 or x.max() >= 1 or abs(x.mean() - 0.5) > 0.03:
            report(f"rand {type_}: {x.min()} {x.max()} {x.mean()}")
    parts = [g.real, g.imag] if type_[0] == "c" else [g]
    for x in parts:
        if abs(np.var(x) * len(parts) - 1) > 0.12 or abs(x.mean()) > 0.08:
            report(f"randn {type_}: {np.var(x)} {x.mean()}")
    if type_[0] == "c" and abs(np.mean(g.real * g.imag)) > 0.05:
        report("randn: parts hang together")
    if np.any(s != s.conj().T) or np.linalg.eigvalsh(s).min() <= 0 or \
            np.any(np.diag(s).imag != 0):
        report(f"spd {type_}")


def same_bits(type_, rng):
    A, B = random(rng, type_, 45, 37), random(rng, type_, 37, 37)
    lines = ["C = A * B'", "D = A.' * conj(A)", "x = B \\ A'", "s = sum(A)",
             "n = abs(A) + norm(A)", "[Q, R] = qr(A)",
             "E = exp(A) .* A ./ (A + 3)", "P = pinv(A)",
             "K = kron(B(0..9, 0..5), A)", "S = cumsum(A)", "p = prod(A)",
             "v = var(A)", "V = cov(A)", "k = cond(B, 1)", "F = B ^ 5",
             "y = lstsq(A, A * B)"]
    first = run(lines, {"A": A, "B": B})
    for threads in (2, 4):
        again = run(lines, {"A": A, "B": B}, threads)
        if not first or not again or any(
                first[k].tobytes() != again[k].tobytes() for k in first):
            report(f"{threads} threads, {type_}: other bits")


for number, kind in enumerate(TYPES):
    generator = np.random.default_rng(number)
    sources(kind)
    same_bits(kind, generator)
    refinement(kind, generator)
    for order in (1, TILE, 2 * TILE + 1):
        hermitian(kind, order, generator)
    estimated_condition(kind, generator)
    for shape in SHAPES[::1 if kind[0] == "c" else 2]:
        for group in (products, entrywise, reductions, factors, library):
            group(kind, *shape, generator)
print(f"{checks} checks, {bad} bad")
sys.exit(bad != 0)
