"""For each row of rules.def a script to which it applies: what it prints is
the same with and without the optimiser (to rounding, scaled by the largest
number printed), tmc --explain names the rule, and the flops don't grow.  The
same with complex numbers, of which the rules of REAL_ONLY don't hold; and with
inputs of which it is not known before what they are."""
import random
import re
import struct
import subprocess
import sys

TMC, TMRUN, RULES = sys.argv[1:4]

START = """
param m = 23
param n = 17
param k = 5
tile 6
A = randn(m, n)
B = randn(n, m)
C = randn(n, k)
X = randn(m, n)
x = randn(m, 1)
v = randn(n, 1)
S = spd(n)
T = randn(n, n) + 9 * eye(n)
"""

# id of the rule: lines that print scalars; sums weigh all entries
CASES = {
    "factor_invariant": "y = v\nfor i in 0..30\n  y = T \\ y\n"
                        "  y = y / norm(y)\nend\nprint(norm(y), sum(y))",
    "transpose_product": "print(norm((A*B)' * x), sum((A*C)' .* 2))",
    "transpose_entries": "R = (A + X)' * x\nprint(norm(R), sum(R))",
    "transpose_symmetric": "R = (S + S)' * v\nprint(norm(R), sum(R))",
    "transpose_inverse": "R = inv(T)' * v\nprint(norm(R), sum(R))",
    "divide": "R = v' / T\nprint(norm(R), sum(R))",
    "diagonal_product": "R = diag(v) * B * 2 + B * diag(x)\n"
                        "print(norm(R), sum(R))",
    "identity_product": "R = eye(n) * B\nprint(norm(R), sum(R))",
    "inverse_diagonal": "D = inv(diag(v))\nprint(sum(D), norm(D))",
    "inverse_orthogonal": "[Q, R] = qr(T)\nassume Q is orthogonal\n"
                          "print(norm(inv(Q) - Q') < 1e-12)",
    "solve_diagonal": "R = diag(v) \\ B\nprint(norm(R), sum(R))",
    "solve_identity": "R = eye(n) \\ B\nprint(norm(R), sum(R))",
    "solve_orthogonal": "[Q, R] = qr(T)\nassume Q is orthogonal\n"
                        "y = Q \\ v\nprint(norm(y), norm(Q * y - v) < 1e-12)",
    "solve_definite": "R = S \\ B\nprint(norm(R), sum(R))",
    "solve_definite_bound":
        "param lam = 0.5\nparam mu = 2\n"
        "R = (S + lam * eye(n)) \\ B\n"
        "y = inv(S + lam * eye(n)) * v + (S / mu) \\ v\n"
        "if mu > 1\n  y += (S + lam * eye(n)) \\ y\nend\n"
        "for i in 0..3\n  y = (S + lam * eye(n)) \\ y\nend\n"
        "print(norm(R), sum(R), norm(y), sum(y))",
    "trace_product": "print(trace(A * B), trace(T * T))",
    "trace_entries": "print(trace(T + S), trace(3 * T), trace(T / 3))",
    "trace_transpose": "print(trace(T'))",
    "sum_product": "print(sum(A * B))",
    "sum_transpose": "print(sum(A'))",
    "norm_transpose": "print(norm(A'))",
    "rowsums_product": "R = rowsums(A * B)\nprint(norm(R), sum(R))",
    "residual_square": "U = randn(m, k)\nV = randn(k, n)\nW = V * A'\n"
                       "G = V * V'\n"
                       "print(norm(W), max(W), norm(G), max(G))\n"
                       "print(norm(A - U * V)^2)",
    "rowsums_squares": "mu = rowsums(B)' / m\n"
                       "d = rowsums((A - mu) * inv(S) .* (A - mu))\n"
                       "e = colsums((A - X)' .* (S \\ (A' - X')))\n"
                       "print(norm(d), sum(d), norm(e), sum(e))",
    "common_factor": "R = A * B + A * X'\nprint(norm(R), sum(R))",
    "common_factor_difference": "R = A * B - X * B\nprint(norm(R), sum(R))",
    "chain": "R = (T * T) * v\ny = inv(T) * (B * x)\n"
             "print(norm(R), sum(R), norm(y))",
    "chain_bound": "R = C' * A' * X\nprint(norm(R), sum(R))",
    "symmetric_bound":
        "input P(m, n)\ninput w(m, 1)\n"
        "R = P' * diag(w) * P\n"
        "Q = 2 * P' * (w .* P) + S - diag(v) * (P' * P) * diag(v)\n"
        "y = R \\ (P' * diag(w) * x)\n"
        "print(norm(R), abs(sum(R)), norm(R * v), norm(v' * R))\n"
        "print(norm(Q), abs(sum(Q)), norm(Q * v), norm(v' * Q), norm(y))",
    "mirrored": "mu = colsums(A) / m\n"
                "R = (A - mu)' * (A - mu)\n"
                "P = ((A - mu) * S)' * x\n"
                "Q = (A - X) * T * (A - X)'\n"
                "Y = A' - X'\nW = Y * (A - X)\n"
                "for i in 0..3\n  W += (A * S * i)' * (A * S * i)\nend\n"
                "print(norm(R), norm(R * v), norm(P), norm(Q * x), "
                "norm(W * v))",
    "common_transposed": "R = (A * B + (A * B)') / 2\n"
                         "K = S * B * inv(B' * S * B + 9 * eye(m))\n"
                         "P = S - K * B' * S\n"
                         "D = A - X\nE = (A * T * B)' * D + X\n"
                         "F = B' * (T' * A') * x + sum(abs(X' - A'))\n"
                         "U = (T \\ B)'\nV = U * T + (T \\ B)' * S\n"
                         "print(norm(R), norm(R * x), norm(P), norm(P * v), "
                         "norm(E), norm(E * v), norm(F), norm(V * v))",
    "common": "R = A * B + (A * B) .* 2\nr = norm(A * B)\n"
              "print(norm(R), sum(R), r)",
    "invariant": "s = 0\nfor i in 0..4\n  s += norm(A * C) * i\nend\n"
                 "print(s)",
    "merged": "P = T * S\ny = P * v\nprint(norm(y), sum(y))",
}
# What tmrun is told besides; the rule need not apply to all of them.
WORDS = {
    "solve_definite_bound": [["-D", x] for x in
                             ("lam=0.5", "lam=0", "lam=-0.25", "mu=-2")],
    "symmetric_bound": [["P=P.npy", "w=w.npy"], ["P=Pc.npy", "w=wc.npy"],
                        ["P=P.npy", "w=w.npy", "--tile=30"]],
}


def store(name, rows, cols, parts):
    """A file of random numbers; parts: 1 real, 2 complex."""
    header = ("{'descr': '<%s', 'fortran_order': True, 'shape': (%d, %d), }"
              % ("f8" if parts == 1 else "c16", rows, cols))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    count = rows * cols * parts
    with open(name, "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)))
        out.write(header.encode())
        out.write(struct.pack("<%dd" % count,
                              *(random.gauss(0, 1) for _ in range(count))))

REAL_ONLY = ["rowsums_squares"]
NO_COMPLEX = ["residual_square", # its case needs an order of numbers
              "symmetric_bound"] # its words have a complex case
COMPLEX_START = """
function Z = crandn(m, n)
  Z = complex(randn(m, n), randn(m, n))
end
""" + START.replace("randn", "crandn").replace("spd(n)", """c128(spd(n))
assume S is spd""")


def run(*command, text):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        print(text, done.stderr)
        sys.exit("%s: status %d" % (command, done.returncode))
    return done


def numbers(text):
    return [complex(word.replace("i", "j")) for word in text.split()]


def flops(done):
    return float(re.search(r"(\d+) flops", done.stderr).group(1))


UNDECLARED = """
input A(m, n)
input X(m, n)
input S(n, n) is spd
input x(m, 1)
d = rowsums((A - X) * inv(S) .* (A - X))
e = colsums((S \\ A') .* A')
for i in 0..3
  e += colsums((S \\ X') .* X') * i
end
C = (A - X)' * (A - X)
P = A * S * X'
Q = X * S * A' + P
print(norm(d), sum(d), norm(e), sum(e), norm(C), sum(C * A' * x))
print(norm(Q), sum(Q), sum(P' * x))
"""


def undeclared(kind, start):
    names = "AXSx"
    run(TMRUN, "-", "-Wno-all", text=start + "".join(
        'write(%s, "%d.npy")\n' % (name, k) for k, name in enumerate(names)))
    words = ["%s=%d.npy" % (name, k) for k, name in enumerate(names)]
    quick = run(TMRUN, "-", "-v", *words, "--tile", "6", text=UNDECLARED)
    plain = run(TMRUN, "-", "-v", *words, "--tile", "6", "--no-optimise",
                text=UNDECLARED)
    got, want = numbers(quick.stdout), numbers(plain.stdout)
    size = max(map(abs, want)) + 1
    right = all(abs(a - b) <= 1e-11 * size for a, b in zip(got, want))
    if not right or flops(quick) > flops(plain):
        print("undeclared", kind, "gives", got, "and without it", want,
              "flops", flops(quick), "and", flops(plain))
    return right and flops(quick) <= flops(plain)


def main():
    rows = re.findall(r'^RULE\((\w+), \w+, "([^"]*)"', open(RULES).read(),
                      re.M)
    bad = [name for name, _ in rows if name not in CASES]
    if bad:
        sys.exit("rules without a case: %s" % " ".join(bad))
    random.seed(1)
    for parts, end in (1, ".npy"), (2, "c.npy"):
        store("P" + end, 23, 17, parts)
        store("w" + end, 23, 1, parts)
    runs = [row + (START, words) for row in rows
            for words in WORDS.get(row[0], [[]])]
    runs += [row + (COMPLEX_START, []) for row in rows
             if row[0] not in NO_COMPLEX]
    for name, shown, start, given in runs:
        text = start + CASES[name] + "\n"
        words = [TMRUN, "-", "-v", "-Wno-all"] + given
        quick = run(*words, text=text)
        plain = run(*words, "--no-optimise", text=text)
        got, want = numbers(quick.stdout), numbers(plain.stdout)
        size = max(map(abs, want)) + 1
        explained = run(TMC, "--explain", "-Wno-all", "-", text=text).stdout
        if len(got) != len(want) or any(
                abs(a - b) > 1e-11 * size for a, b in zip(got, want)):
            bad.append(name)
            print(name, *given, "gives", got, "and without it", want)
        elif (shown + ":" in explained) == (start == COMPLEX_START and
                                            name in REAL_ONLY):
            bad.append(name)
            print(name, "was used" if shown + ":" in explained
                  else "was not used", explained)
        elif flops(quick) > flops(plain) * 1.001 + 50:
            bad.append(name)
            print(name, *given, "takes", flops(quick), "flops, without it",
                  flops(plain))
    for kind, start in ("real", START), ("complex", COMPLEX_START):
        if not undeclared(kind, start):
            bad.append("undeclared " + kind)
    print(len(runs), "cases,", len(bad), "bad:", " ".join(bad))
    return bool(bad)


sys.exit(main())
