"""Random programs against NumPy.

Usage: random_programs.py TMC TMRUN COUNT [SEED [FIRST]], in an empty folder.

A program is written and evaluated at the same time.  A value is an array x,
in more digits than the program has, and an array e: x may differ from what
the program computes by 50 * eps * e entry by entry, where e of a product of
inner size k is k times the product of the absolute values, plus what the
operands bring along.  Each program runs with one thread and with two; its
files must have the same bits and hold what NumPy says.

A failure prints how to run that program alone.  Exits with 77 when there is
no NumPy.
"""
import hashlib
import os
import random
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)

SLACK = 50
PRIMES = [2, 3, 5, 7, 11, 13, 17, 31, 61, 97, 127, 131, 257, 509, 521, 1021,
          1297]


class Bad(Exception):
    """This value can't be compared: too large, or near a jump."""


# ---- values -----------------------------------------------------------------

class V:
    """x: what it is; e: how wrong it may be, in units of eps."""

    def __init__(self, x, e):
        self.x, self.e = x, e


class Arithmetic:
    def __init__(self, type_name):
        self.single = type_name == "f32"
        self.dtype = np.dtype("f4" if self.single else "f8")
        self.eps = float(np.finfo(self.dtype).eps)
        self.wide = np.float64 if self.single else np.longdouble
        self.most = 1e6 if self.single else 1e9

    def check(self, x, e):
        x = np.asarray(x, self.wide)
        e = np.broadcast_to(np.asarray(e, float), x.shape)
        if x.size and (not np.all(np.isfinite(x)) or
                       float(np.max(np.abs(x))) > self.most or
                       float(np.max(e)) * self.eps * SLACK > self.most):
            raise Bad
        return V(x, e)

    def exact(self, x):
        return self.check(x, np.zeros(np.shape(x)))

    def number(self, c):
        return V(np.full((1, 1), c, self.wide),
                 np.full((1, 1), abs(c) * (c != np.round(c))))

    def clear(self, distance, e):
        """Is a jump at 0 far enough?"""
        sure = np.all((np.abs(distance) > 1000 * self.eps * e) |
                      ((distance == 0) & (e == 0)))
        if not sure:
            raise Bad

    def add(self, a, b, sign=1):
        x = a.x + sign * b.x
        return self.check(x, a.e + b.e + np.abs(x))

    def sub(self, a, b):
        return self.add(a, b, -1)

    def mul(self, a, b):
        x = a.x * b.x
        return self.check(x, a.e * abs(b.x) + b.e * abs(a.x) + 2 * abs(x) +
                          a.e * b.e * self.eps)

    def div(self, a, b):
        if b.x.size and np.any(np.abs(b.x) < 0.1 + 200 * self.eps * b.e):
            raise Bad
        x = a.x / b.x
        return self.check(x, 2 * (a.e + abs(x) * b.e) / abs(b.x) +
                          2 * abs(x))

    def matmul(self, a, b):
        m, k = a.x.shape
        n = b.x.shape[1]
        if m * k * n < 2e6:
            x = a.x @ b.x
        else:
            x = a.x.astype(float) @ b.x.astype(float)
        p, q = abs(a.x).astype(float), abs(b.x).astype(float)
        e = (k + 1) * (p @ q)
        if np.any(a.e):
            e = e + a.e @ (q + self.eps * b.e)
        if np.any(b.e):
            e = e + p @ b.e
        return self.check(x, e)

    def trans(self, a):
        return V(a.x.T, a.e.T)

    def tri(self, a, lower):
        part = np.tril if lower else np.triu
        return V(part(a.x), part(a.e))

    def unary(self, name, a):
        x, e = a.x, a.e
        if name == "abs":
            return self.check(abs(x), e)
        if name == "-":
            return self.check(-x, e)
        if name == "sqrt":
            if x.size and np.any(x < 0.01 + 200 * self.eps * e):
                raise Bad
            y = np.sqrt(x)
            return self.check(y, e / np.maximum(y, 0.1) + 2 * y)
        if name == "log":
            if x.size and np.any(x < 0.1 + 200 * self.eps * e):
                raise Bad
            return self.check(np.log(x), 2 * e / np.maximum(x, 0.1) +
                              4 * abs(np.log(x)) + 1)
        if name == "exp":
            if x.size and np.any(x > 15):
                raise Bad
            y = np.exp(x)
            return self.check(y, (2 * e + 4) * y)
        if name in ("sin", "cos", "tanh"):
            return self.check(getattr(np, name)(x), e + 4)
        if name in ("floor", "ceil", "round"):
            at = x - 0.5 if name == "round" else x
            self.clear(at - np.round(at), e)
            if name == "round" and np.any(x - np.floor(x) == 0.5):
                raise Bad
            jump = {"floor": np.floor, "ceil": np.ceil, "round": np.round}
            return self.exact(jump[name](x))
        if name == "sign":
            self.clear(x, e)
            return self.exact(np.sign(x))
        raise AssertionError(name)

    def binary(self, name, a, b):
        if name in ("max", "min"):
            pick = np.maximum if name == "max" else np.minimum
            return self.check(pick(a.x, b.x), np.maximum(a.e, b.e))
        if name == "hypot":
            x = np.hypot(a.x, b.x)
            return self.check(x, a.e + b.e + 4 * x)
        raise AssertionError(name)

    def compare(self, name, a, b):
        d = a.x - b.x
        self.clear(d, a.e + b.e)
        test = {"<": d < 0, "<=": d <= 0, "==": d == 0, "!=": d != 0,
                ">": d > 0, ">=": d >= 0}
        return self.exact(test[name] * 1.0)

    def logic(self, name, a, b):
        self.clear(a.x, a.e)
        self.clear(b.x, b.e)
        p, q = a.x != 0, b.x != 0
        return self.exact((p & q if name == "&&" else p | q) * 1.0)

    def select(self, t, a, b):
        self.clear(t.x, t.e)
        x = np.where(t.x != 0, a.x, b.x)
        return self.check(x, np.where(t.x != 0, a.e, b.e))

    def power(self, a, p):
        x = a.x ** p
        return self.check(x, p * abs(a.x) ** (p - 1) * (a.e + abs(a.x)) *
                          2 + abs(x))

    def reduce(self, name, a):
        one = (1, 1)
        if name in ("max", "min"):
            if not a.x.size:
                raise Bad
            return self.check(np.reshape(getattr(np, name)(a.x), one),
                              np.reshape(np.max(a.e), one))
        if name == "norm":
            x = np.sqrt(np.sum(a.x * a.x))
            e = np.sqrt(np.sum(a.e * a.e)) + (a.x.size + 2) * abs(x)
        else:
            part = a.x if name == "sum" else np.diagonal(a.x)
            extra = a.e if name == "sum" else np.diagonal(a.e)
            x = np.sum(part)
            e = np.sum(extra) + (part.size + 1) * np.sum(abs(part))
        return self.check(np.reshape(x, one), np.reshape(e, one))

    def cholesky(self, s):
        n = s.x.shape[0]
        if n == 0:
            return self.exact(np.zeros((0, 0)))
        x = np.asarray(s.x, float)
        w = np.linalg.eigvalsh(x)
        if w[0] < 0.1 * w[-1] / 50:
            raise Bad
        size = np.sqrt(w[-1]) * w[-1] / w[0]
        factor = np.linalg.cholesky(x)
        e = size * (n + 4 + np.max(s.e) * n / w[-1])
        return self.check(factor, np.tril(np.full((n, n), e)))

    def solve_lower(self, l, b):
        n = l.x.shape[0]
        if n == 0:
            return self.exact(np.zeros(b.x.shape))
        t = np.asarray(l.x, float)
        inverse = np.linalg.inv(t)
        x = inverse @ np.asarray(b.x, float)
        x += inverse @ (np.asarray(b.x, float) - t @ x)
        p = abs(inverse)
        e = p @ (b.e + (n + 2) * (abs(t) @ abs(x)) + l.e @ abs(x))
        return self.check(x, 2 * e)


# ---- programs -----------------------------------------------------------------

class Dim:
    """A size: its value, its text, and whether the compiler knows it."""

    def __init__(self, value, text=None):
        self.value = value
        self.text = text or str(value)
        self.known = text is None

    def one(self):
        return self.known and self.value == 1


ONE = Dim(1)


class Expr:
    """An expression: text, how tightly it binds, value, sizes."""

    def __init__(self, text, level, v, rows, cols):
        self.text, self.level, self.v = text, level, v
        self.rows, self.cols = rows, cols
        assert v.x.shape == (rows.value, cols.value), (text, v.x.shape)

    def scalar(self):
        return self.rows.one() and self.cols.one()


OR, AND, COMPARE, SUM, PRODUCT, UNARY, POWER, POSTFIX = range(8)

FUNCTIONS = {
    "mixed": """function [P, Q] = mixed(A, B, s = 2)
  P = s * A + B
  Q = A .* B - s
end""",
    "relax": """function y = relax(A, times = 2, f = 0.5)
  y = A
  for i in 0..times
    y = f * y + A
  end
end""",
    "product": """function [C, t] = product(A, B)
  D = retile(B, tile_cols(A), tile_cols(B))
  matrix C(rows(A), cols(D)) tile tile_rows(A), tile_cols(D)
  for j in 0..tcols(D)
    for k in 0..tcols(A)
      for i in 0..trows(A)
        C[i,j] = A[i,k] * D[k,j] + C[i,j]
      end
    end
  end
  t = sum(C)
end""",
}


class Program:
    def __init__(self, seed, number):
        self.rng = random.Random(f"{seed}:{number}")
        self.np_rng = np.random.default_rng([seed, number])
        rng = self.rng
        self.type = rng.choice(["f64", "f64", "f32"])
        self.a = Arithmetic(self.type)
        self.head, self.lines, self.functions = [], [], set()
        self.values = {}                # name: Expr
        self.outputs = []
        self.checks = {}                # name: V that only the test reads
        self.files = {}                 # name: array
        self.defines = []
        self.tiles = None
        self.count = 0
        self.indent = ""
        self.large = rng.random() < 0.12
        self.dims = []
        self.make_dims()
        self.make_rand()
        for _ in range(rng.randint(1, 7 if not self.large else 3)):
            self.statement()
        self.finish()

    def name(self, base="v"):
        self.count += 1
        return f"{base}{self.count}"

    def edge(self):
        """A tile edge: 1 where there are few tiles, often beyond the size."""
        rng = self.rng
        most = max([d.value for d in self.dims], default=40)
        low = 1 if most <= 40 else most // 12
        return rng.choice([rng.randint(low, low + 12), rng.randint(
            low, max(low, most) + 3), rng.choice([16, 32, 64, 100, 128]) +
            low, most + 50])

    def size(self):
        rng = self.rng
        if self.large:
            return rng.choice([rng.randint(100, 1300), rng.choice(
                PRIMES[8:]), 1, 3])
        return rng.choice([rng.randint(1, 40), rng.randint(1, 12),
                           rng.choice(PRIMES[:9]), rng.randint(1, 160),
                           rng.choice([0, 1, 1, 2])])

    def make_dims(self):
        rng = self.rng
        sizes = [self.size() for _ in range(rng.randint(2, 4))]
        while self.large and np.prod(sorted(sizes)[-3:]) > 4e8:
            sizes.sort()
            sizes[-1] = sizes[-1] // 2
        pending = []
        for k, value in enumerate(sizes):
            kind = rng.choice(["known", "param", "input", "input"])
            if kind == "known":
                self.dims.append(Dim(value))
            elif kind == "param":
                other = value
                if rng.random() < 0.5:
                    other = rng.randint(0, 30)
                    self.defines.append(f"n{k}={value}")
                self.head.append(f"param n{k} = {other}")
                self.dims.append(Dim(value, f"n{k}"))
            else:
                pending.append(Dim(value, f"n{k}"))
                self.dims.append(pending[-1])
        r, c = self.edge(), self.edge()
        two = rng.random() < 0.4
        if rng.random() < 0.7 or two:
            self.head.append(f"tile {r}, {c}" if two else f"tile {r}")
        if rng.random() < 0.3:      # two edges only where the script has two
            self.tiles = f"{self.edge()}"
            if two and rng.random() < 0.7:
                self.tiles += f"x{self.edge()}"
        if self.large and not self.tiles:
            self.tiles = f"{rng.randint(97, 400)}"
        while pending:
            rows = pending.pop()
            cols = rng.choice(pending) if pending else rows
            if cols in pending:
                pending.remove(cols)
            self.input(rows, cols)

    def make_rand(self):
        """Random matrices of the program's own; fetched by a run of them."""
        rng = self.rng
        self.rand = None
        if self.defines or rng.random() > 0.25:
            return
        rows, cols = rng.choice(self.dims), rng.choice(self.dims)
        name = self.name("R")
        call = rng.choice(["rand", "randn"])
        more = rng.choice(["", f", seed={rng.randint(0, 99)}"])
        self.head.append(f"{name} = {call}({rows.text}, {cols.text}{more}, "
                         f"type={self.type})")
        self.rand = (name, rows, cols)
        run_program("\n".join(self.head + [f"output {name}"]), self.files,
                    ["--threads", "1", "--tile", "61"])
        self.add(name, self.a.exact(np.load(name + ".npy")), rows, cols)
        if call == "rand":
            x = self.values[name].v.x
            assert np.all((x >= 0) & (x < 1)), "rand outside of [0, 1)"

    def data(self, m, n):
        kind = self.rng.choice(["normal", "normal", "uniform", "small"])
        if kind == "normal":
            return self.np_rng.standard_normal((m, n))
        if kind == "uniform":
            return self.np_rng.random((m, n)) * 2 - 1
        return self.np_rng.integers(-4, 5, (m, n)).astype(float)

    def input(self, rows, cols):
        rng = self.rng
        name = self.name("A")
        x = self.data(rows.value, cols.value)
        clause = ""
        kind = rng.choice(["own", "own", "own", "int", "cast"])
        if kind == "int" or (kind == "cast" and np.all(x == np.round(x))):
            x = np.round(x * 3)
            stored = x.astype(rng.choice(["i1", "i2", "i4", "i8", ">i4"]))
            if self.type == "f32":
                clause = " is f32"
        elif kind == "cast":
            stored = x.astype("f8" if self.type == "f32" else "f4")
            clause = f" is {self.type}"
        else:
            stored = x.astype(rng.choice(
                [self.a.dtype, self.a.dtype.newbyteorder(">")]))
        stored = np.asarray(stored, order=rng.choice("CF"))
        if rng.random() < 0.35:
            clause += f" tile {self.edge()}, {self.edge()}"
        self.head.append(f"input {name}({rows.text}, {cols.text}){clause}")
        self.files[name] = stored
        x = stored.astype(self.a.dtype).astype(self.a.wide)
        self.add(name, self.a.exact(x), rows, cols)
        return self.values[name]

    def add(self, name, v, rows, cols):
        self.values[name] = Expr(name, POSTFIX, v, rows, cols)

    def say(self, line):
        self.lines.append(self.indent + line)

    # -- expressions --

    def wrap(self, e, level):
        if e.level < level or self.rng.random() < 0.1:
            return f"({e.text})"
        return e.text

    def number(self):
        rng = self.rng
        c = rng.choice([rng.randint(1, 5), rng.randint(1, 5),
                        rng.randint(1, 31) / 8, round(rng.random() * 3, 3)])
        return Expr(repr(c), POSTFIX, self.a.number(c), ONE, ONE)

    def source(self, rows, cols):
        rng = self.rng
        m, n = rows.value, cols.value
        kind = rng.choice(["zeros", "ones", "fill", "eye"])
        if kind == "eye" and rows is cols:
            return Expr(f"eye({rows.text})", POSTFIX,
                        self.a.exact(np.eye(m)), rows, cols)
        if kind in ("zeros", "ones"):
            x = np.full((m, n), float(kind == "ones"))
            return Expr(f"{kind}({rows.text}, {cols.text})", POSTFIX,
                        self.a.exact(x), rows, cols)
        c = rng.randint(-7, 7) / 4
        return Expr(f"fill({rows.text}, {cols.text}, {c!r})", POSTFIX,
                    self.a.exact(np.full((m, n), c)), rows, cols)

    def leaf(self, rows, cols):
        rng = self.rng
        fit = [e for e in self.values.values()
               if e.rows.value == rows.value and e.cols.value == cols.value
               and (not rows.one() or e.rows.one())
               and (not cols.one() or e.cols.one())]
        turned = [e for e in self.values.values()
                  if e.rows.value == cols.value and
                  e.cols.value == rows.value
                  and (not rows.one() or e.cols.one())
                  and (not cols.one() or e.rows.one())]
        if fit and rng.random() < 0.7:
            return rng.choice(fit)
        if turned and rng.random() < 0.7:
            return self.turn(rng.choice(turned))
        if rng.random() < 0.3:
            return self.source(rows, cols)
        return self.input(rows, cols)

    def turn(self, e):
        if e.scalar():
            return e
        return Expr(self.wrap(e, POSTFIX) + self.rng.choice(["'", ".'"]),
                    POSTFIX, self.a.trans(e.v), e.cols, e.rows)

    def expr(self, rows, cols, depth):
        """An expression of this size; sizes of 1 are known where asked."""
        if depth <= 0 or self.rng.random() < 0.1:
            return self.leaf(rows, cols)
        for _ in range(8):
            make = self.rng.choice(
                [self.sums, self.sums, self.products, self.products,
                 self.unaries, self.entrywise, self.scaled, self.turned,
                 self.broadcast, self.triangles, self.retiled,
                 self.comparisons, self.selects])
            try:
                e = make(rows, cols, depth - 1)
            except Bad:
                continue
            if e is None or (rows.one() and not e.rows.one()) or \
                    (cols.one() and not e.cols.one()):
                continue
            return e
        return self.leaf(rows, cols)

    @staticmethod
    def joined(a, b):
        return (b.rows if a.rows.one() else a.rows,
                b.cols if a.cols.one() else a.cols)

    def infix(self, op, level, a, b, v):
        rows, cols = self.joined(a, b)
        return Expr(f"{self.wrap(a, level)} {op} {self.wrap(b, level + 1)}",
                    level, v, rows, cols)

    def sums(self, rows, cols, depth):
        a = self.expr(rows, cols, depth)
        b = self.expr(rows, cols, depth)
        if self.rng.random() < 0.5:
            return self.infix("+", SUM, a, b, self.a.add(a.v, b.v))
        return self.infix("-", SUM, a, b, self.a.sub(a.v, b.v))

    def products(self, rows, cols, depth):
        inner = self.rng.choice(self.dims)
        if rows.value * cols.value * inner.value > 4e8:
            return None
        a = self.expr(rows, inner, depth)
        b = self.expr(inner, cols, depth)
        if a.scalar() or b.scalar():
            return self.infix("*", PRODUCT, a, b, self.a.mul(a.v, b.v))
        v = self.a.matmul(a.v, b.v)
        return Expr(f"{self.wrap(a, PRODUCT)} * {self.wrap(b, UNARY)}",
                    PRODUCT, v, a.rows, b.cols)

    def unaries(self, rows, cols, depth):
        e = self.expr(rows, cols, depth)
        name = self.rng.choice(["abs", "exp", "sqrt", "log", "sin", "cos",
                                "tanh", "floor", "ceil", "round", "sign",
                                "-"])
        if name in ("sqrt", "log") and self.rng.random() < 0.8:
            v = self.a.add(self.a.unary("abs", e.v), self.a.number(1))
            e = Expr(f"abs({e.text}) + 1", SUM, v, e.rows, e.cols)
        v = self.a.unary(name, e.v)
        if name == "-":
            return Expr(f"-{self.wrap(e, UNARY)}", UNARY, v, e.rows, e.cols)
        return Expr(f"{name}({e.text})", POSTFIX, v, e.rows, e.cols)

    def entrywise(self, rows, cols, depth):
        a = self.expr(rows, cols, depth)
        b = self.expr(rows, cols, depth)
        kind = self.rng.choice([".*", ".*", "./", "max", "min", "hypot",
                                ".^"])
        if kind == ".*":
            return self.infix(".*", PRODUCT, a, b, self.a.mul(a.v, b.v))
        if kind == "./":
            v = self.a.add(self.a.unary("abs", b.v), self.a.number(1))
            b = Expr(f"abs({b.text}) + 1", SUM, v, b.rows, b.cols)
            return self.infix("./", PRODUCT, a, b, self.a.div(a.v, b.v))
        if kind == ".^":
            p = self.rng.choice([2, 3])
            return Expr(f"{self.wrap(a, POSTFIX)}.^{p}", POWER,
                        self.a.power(a.v, p), a.rows, a.cols)
        rows, cols = self.joined(a, b)
        return Expr(f"{kind}({a.text}, {b.text})", POSTFIX,
                    self.a.binary(kind, a.v, b.v), rows, cols)

    def scalar(self, depth):
        rng = self.rng
        numbers = [e for e in self.values.values() if e.scalar()]
        if numbers and rng.random() < 0.4:
            return rng.choice(numbers)
        if depth > 0 and rng.random() < 0.5:
            name = rng.choice(["sum", "norm", "trace", "max", "min"])
            rows = rng.choice(self.dims)
            cols = rows if name == "trace" else rng.choice(self.dims)
            e = self.expr(rows, cols, depth - 1)
            v = self.a.reduce(name, e.v)
            if v.x[0, 0] == 0 or abs(float(v.x[0, 0])) > 1e3:
                raise Bad
            return Expr(f"{name}({e.text})", POSTFIX, v, ONE, ONE)
        return self.number()

    def scaled(self, rows, cols, depth):
        e, s = self.expr(rows, cols, depth), self.scalar(depth)
        kind = self.rng.choice(["s*", "*s", "+s", "/s"])
        if kind == "s*":
            return self.infix("*", PRODUCT, s, e, self.a.mul(s.v, e.v))
        if kind == "*s":
            return self.infix("*", PRODUCT, e, s, self.a.mul(s.v, e.v))
        if kind == "+s":
            return self.infix("+", SUM, e, s, self.a.add(e.v, s.v))
        return self.infix("/", PRODUCT, e, s, self.a.div(e.v, s.v))

    def turned(self, rows, cols, depth):
        return self.turn(self.expr(cols, rows, depth))

    def broadcast(self, rows, cols, depth):
        row = self.rng.random() < 0.5
        e = self.expr(rows, cols, depth)
        b = self.expr(ONE if row else rows, cols if row else ONE, depth - 1)
        if self.rng.random() < 0.5:
            e, b = b, e
        if self.rng.random() < 0.5:
            return self.infix("+", SUM, e, b, self.a.add(e.v, b.v))
        return self.infix(".*", PRODUCT, e, b, self.a.mul(e.v, b.v))

    def triangles(self, rows, cols, depth):
        e = self.expr(rows, cols, depth)
        lower = self.rng.random() < 0.5
        return Expr(f"{'tril' if lower else 'triu'}({e.text})", POSTFIX,
                    self.a.tri(e.v, lower), e.rows, e.cols)

    def retiled(self, rows, cols, depth):
        e = self.expr(rows, cols, depth)
        return Expr(f"retile({e.text}, {self.edge()}, {self.edge()})",
                    POSTFIX, e.v, e.rows, e.cols)

    def comparison(self, rows, cols, depth):
        a, b = self.expr(rows, cols, depth), self.expr(rows, cols, depth)
        if self.rng.random() < 0.5:
            b = self.number()
        op = self.rng.choice(["<", "<=", "==", "!=", ">", ">="])
        return self.infix(op, COMPARE, a, b, self.a.compare(op, a.v, b.v)) \
            if a.level > COMPARE else None

    def comparisons(self, rows, cols, depth):
        a = self.comparison(rows, cols, depth)
        if a is None or self.rng.random() < 0.6:
            return a
        b = self.comparison(rows, cols, depth)
        if b is None:
            return a
        op, level = self.rng.choice([("&&", AND), ("||", OR)])
        return self.infix(op, level, a, b, self.a.logic(op, a.v, b.v))

    def selects(self, rows, cols, depth):
        t = self.comparison(rows, cols, depth - 1)
        a, b = self.expr(rows, cols, depth), self.expr(rows, cols, depth)
        if t is None:
            return None
        m, n = self.joined(t, a)
        m, n = (b.rows if m.one() else m), (b.cols if n.one() else n)
        return Expr(f"select({t.text}, {a.text}, {b.text})", POSTFIX,
                    self.a.select(t.v, a.v, b.v), m, n)

    # -- statements --

    def any_dim(self):
        return self.rng.choice(self.dims)

    def statement(self):
        make = self.rng.choice(
            [self.assign, self.assign, self.assign, self.reduction,
             self.gemm, self.gemm, self.axpy, self.by_tiles, self.carried,
             self.branch, self.called, self.factor, self.element,
             self.halve, self.accumulate])
        lines = len(self.lines)
        values, indent = dict(self.values), self.indent
        outputs, checks = list(self.outputs), dict(self.checks)
        try:
            make()
        except Bad:
            del self.lines[lines:]
            extra = [k for k in self.values if k not in values]
            for k in extra:
                if k not in self.files:
                    del self.values[k]
            for k in values:
                self.values[k] = values[k]
            self.indent = indent
            self.outputs, self.checks = outputs, checks
        assert self.indent == indent

    def result(self, name, v, rows, cols):
        self.add(name, v, rows, cols)
        if self.rng.random() < 0.6 and name not in self.outputs:
            self.outputs.append(name)

    def assign(self):
        e = self.expr(self.any_dim(), self.any_dim(),
                      self.rng.randint(1, 2 if self.large else 4))
        name = self.name()
        self.say(f"{name} = {e.text}")
        self.result(name, e.v, e.rows, e.cols)

    def reduction(self):
        name = self.rng.choice(["sum", "norm", "trace", "max", "min"])
        rows = self.any_dim()
        e = self.expr(rows, rows if name == "trace" else self.any_dim(), 2)
        v = self.a.reduce(name, e.v)
        to = self.name("s")
        self.say(f"{to} = {name}({e.text})")
        self.result(to, v, ONE, ONE)

    def named(self, e, rows=0, cols=0):
        """The expression under a name, in these tiles."""
        name = self.name("t")
        if rows:
            self.say(f"{name} = retile({e.text}, {rows}, {cols})")
        else:
            self.say(f"{name} = {e.text}")
        return name

    def gemm(self):
        rng = self.rng
        m, n, k = self.any_dim(), self.any_dim(), self.any_dim()
        if m.value * n.value * k.value > 3e8:
            raise Bad
        r, c, q = self.edge(), self.edge(), self.edge()
        ta, tb = rng.random() < 0.5, rng.random() < 0.5
        a = self.expr(k, m, 1) if ta else self.expr(m, k, 1)
        b = self.expr(n, k, 1) if tb else self.expr(k, n, 1)
        an = self.named(a, *((q, r) if ta else (r, q)))
        bn = self.named(b, *((c, q) if tb else (q, c)))
        x = self.a.trans(a.v) if ta else a.v
        y = self.a.trans(b.v) if tb else b.v
        p = self.a.matmul(x, y)
        factor = rng.choice([None, None, 2, 0.5, 3])
        if factor:
            p = self.a.mul(self.a.number(factor), p)
        minus = rng.random() < 0.3
        cn = self.name("C")
        self.say(f"matrix {cn}({m.text}, {n.text}) tile {r}, {c}")
        at = f"{an}[k,i]'" if ta else f"{an}[i,k]"
        bt = f"{bn}[j,k]'" if tb else f"{bn}[k,j]"
        product = f"{at} * {bt}"
        if factor:
            product = rng.choice([f"{factor} * {product}",
                                  f"{at} * ({factor} * {bt})"])
        elif rng.random() < 0.2:
            product = f"-{at} * {bt}"
            minus = not minus
        sign = "-" if (minus != product.startswith("-")) else "+"
        line = rng.choice([f"{cn}[i,j] {sign}= {product}",
                           f"{cn}[i,j] = {cn}[i,j] {sign} {product}"])
        if sign == "+" and rng.random() < 0.3:
            line = f"{cn}[i,j] = {product} + {cn}[i,j]"
        loops = [f"for i in 0..trows({cn})", f"for j in 0..tcols({cn})",
                 f"for k in 0..{'trows' if ta else 'tcols'}({an})"]
        rng.shuffle(loops)
        for depth, loop in enumerate(loops):
            self.say("  " * depth + loop)
        self.say("      " + line)
        for depth in (2, 1, 0):
            self.say("  " * depth + "end")
        self.result(cn, self.a.unary("-", p) if minus else p, m, n)

    def axpy(self):
        rng = self.rng
        m, n = self.any_dim(), self.any_dim()
        r, c = self.edge(), self.edge()
        a, b = self.expr(m, n, 1), self.expr(m, n, 1)
        turned = self.rng.random() < 0.3
        an = self.named(a, r, c)
        bn = self.named(self.turn(b) if turned and not b.scalar() else b,
                        *((c, r) if turned else (r, c)))
        bt = f"{bn}[j,i]'" if turned else f"{bn}[i,j]"
        s = self.number()
        cn = self.name("C")
        kind = rng.choice(["fresh", "alias", "scale", "both"])
        if kind == "alias":           # C is a copy of A; A stays
            self.say(f"{cn} = {an}")
            v = self.a.add(a.v, self.a.mul(s.v, b.v))
            line = f"{cn}[i,j] += {s.text} * {bt}"
        else:
            self.say(f"matrix {cn}({m.text}, {n.text}) tile {r}, {c}")
        if kind == "fresh":
            v = self.a.sub(self.a.mul(s.v, a.v), b.v)
            line = f"{cn}[i,j] = {s.text} * {an}[i,j] - {bt}"
        elif kind == "scale":
            v = self.a.mul(s.v, self.a.mul(a.v, b.v))
            line = (f"{cn}[i,j] = {an}[i,j] .* {bt}\n{self.indent}    "
                    f"{cn}[i,j] *= {s.text}")
        elif kind == "both":
            v = self.a.binary("max", self.a.add(a.v, s.v),
                              self.a.unary("abs", b.v))
            line = f"{cn}[i,j] = max({an}[i,j] + {s.text}, abs({bt}))"
        self.say(f"for j in 0..tcols({an})")
        self.say(f"  for i in 0..trows({an})")
        self.say(f"    {line}")
        self.say("  end")
        self.say("end")
        self.result(cn, v, m, n)
        if kind == "alias":
            self.add(an, a.v, a.rows, a.cols)
            self.outputs.append(an)

    def by_tiles(self):
        """A sum over tiles, in one 1 x 1 matrix."""
        m, n = self.any_dim(), self.any_dim()
        a = self.expr(m, n, 2)
        v = self.a.reduce("sum", a.v)
        an = self.named(a, self.edge(), self.edge())
        s = self.name("s")
        self.say(f"matrix {s}(1, 1)")
        self.say(f"for i in 0..trows({an})")
        self.say(f"  for j in 0..tcols({an})")
        self.say(f"    {s}[0,0] += sum({an}[i,j])")
        self.say("  end")
        self.say("end")
        self.result(s, v, ONE, ONE)

    def accumulate(self):
        """A name carried as a sum of others in a loop over bound numbers."""
        rng = self.rng
        a = self.expr(self.any_dim(), self.any_dim(), 1)
        y = self.name("y")
        self.say(f"{y} = zeros({a.rows.text}, {a.cols.text})")
        times = rng.randint(0, 5)
        v = self.a.exact(np.zeros(a.v.x.shape))
        by = rng.choice([1, 1, 2])
        self.say(f"for i in 0..{times} step {by}" if by > 1
                 else f"for i in 0..{times}")
        self.say("  if i == 3")
        self.say("    " + rng.choice(["break", "break"]))
        self.say("  end")
        self.say(f"  {y} += (i + 1) * {self.wrap(a, UNARY)}")
        self.say("end")
        for i in range(0, times, by):
            if i == 3:
                break
            v = self.a.add(v, self.a.mul(self.a.number(i + 1), a.v))
        self.result(y, v, a.rows, a.cols)

    def carried(self):
        """Two names that change each other, in a loop."""
        rng = self.rng
        n, m = self.any_dim(), self.any_dim()
        if n.value > 400:
            raise Bad
        a = self.expr(n, n, 1)
        b, c = self.expr(n, m, 1), self.expr(n, m, 1)
        an, x, y = self.named(a), self.named(b), self.named(c)
        xv, yv = b.v, c.v
        f = rng.choice([0.5, 0.25, 1])
        kind = rng.choice(["for", "while", "repeat"])
        times = rng.randint(0 if kind != "repeat" else 1, 3)
        step = self.name("i")
        if kind == "for":
            self.say(f"for {step} in 0..{times}")
        else:
            self.say(f"{step} = 0")
            self.say(f"while {step} < {times}" if kind == "while"
                     else "repeat")
        t = self.name("t")
        body = rng.choice(["swap", "power", "power"])
        if body == "swap":
            self.say(f"  {t} = {x}")
            self.say(f"  {x} = {f} * {y} + {x}")
            self.say(f"  {y} = {t}")
        else:
            self.say(f"  {x} = {f} * ({an} * {x}) + {y}")
            self.say(f"  {y} -= {x}")
        if kind != "for":
            self.say(f"  {step} += 1")
        self.say(f"until {step} >= {times}" if kind == "repeat" else "end")
        fv = self.a.number(f)
        for _ in range(times):
            if body == "swap":
                xv, yv = self.a.add(self.a.mul(fv, yv), xv), xv
            else:
                p = (self.a.mul(a.v, xv) if a.scalar() or (
                    b.rows.one() and b.cols.one())
                    else self.a.matmul(a.v, xv))
                xv = self.a.add(self.a.mul(fv, p), yv)
                yv = self.a.sub(yv, xv)
        rows, cols = (b.rows if not c.rows.one() else c.rows,
                      b.cols if not c.cols.one() else c.cols)
        # a size of 1 that only one of them knows would broadcast
        same = b.rows.one() == c.rows.one() == a.rows.one() == \
            a.cols.one() and b.cols.one() == c.cols.one()
        if not same and 1 in (n.value, m.value):
            raise Bad
        self.result(x, xv, rows, cols)
        self.result(y, yv, rows, cols)

    def branch(self):
        """One of two, by a bound or a computed number."""
        rng = self.rng
        a = self.expr(self.any_dim(), self.any_dim(), 2)
        b = self.expr(a.rows, a.cols, 2)
        if 1 in (a.rows.value, a.cols.value) and not (
                a.rows.one() == b.rows.one() and
                a.cols.one() == b.cols.one()):
            raise Bad
        d = self.any_dim()
        if rng.random() < 0.5:
            limit = d.value + rng.choice([-1, 0, 1])
            truth, test = d.value > limit, f"{d.text} > {limit}"
        else:
            e = self.expr(self.any_dim(), self.any_dim(), 1)
            s = self.a.reduce("norm", e.v)
            limit = max(1.0, float(s.x[0, 0])) * rng.choice([0.25, 4])
            self.a.clear(s.x - limit, s.e)
            truth = bool(s.x[0, 0] > limit)
            test = f"norm({e.text}) > {limit!r}"
        y = self.name("y")
        self.say(f"if {test}")
        self.say(f"  {y} = {a.text}")
        if rng.random() < 0.3:
            self.say(f"elseif {d.text} < 0")
            self.say(f"  {y} = 0 * ({a.text})")
        self.say("else")
        self.say(f"  {y} = {b.text}")
        self.say("end")
        # both are computed by the same kernels, whichever is taken
        self.result(y, a.v if truth else b.v, a.rows, a.cols)

    def called(self):
        rng = self.rng
        which = rng.choice(sorted(FUNCTIONS))
        self.functions.add(which)
        if which == "mixed":
            a = self.expr(self.any_dim(), self.any_dim(), 1)
            b = self.expr(a.rows, a.cols, 1)
            if 1 in (a.rows.value, a.cols.value):
                raise Bad
            s = rng.choice([2, 3, 0.5])
            more = "" if s == 2 else rng.choice([f", {s}", f", s={s}"])
            p, q = self.name("P"), self.name("Q")
            sv = self.a.number(s)
            pv = self.a.add(self.a.mul(sv, a.v), b.v)
            qv = self.a.sub(self.a.mul(a.v, b.v), sv)
            skip = rng.random() < 0.2
            self.say(f"[{'_' if skip else p}, {q}] = mixed({a.text}, "
                     f"{b.text}{more})")
            if not skip:
                self.result(p, pv, a.rows, a.cols)
            self.result(q, qv, a.rows, a.cols)
        elif which == "relax":
            a = self.expr(self.any_dim(), self.any_dim(), 1)
            times = rng.randint(0, 3)
            more = "" if times == 2 else rng.choice(
                [f", {times}", f", times={times}",
                 f", f=0.5, times={times}"])
            v = a.v
            for _ in range(times):
                v = self.a.add(self.a.mul(self.a.number(0.5), v), a.v)
            y = self.name("y")
            self.say(f"{y} = relax({a.text}{more})")
            self.result(y, v, a.rows, a.cols)
        else:
            m, k, n = self.any_dim(), self.any_dim(), self.any_dim()
            if m.value * n.value * k.value > 3e8:
                raise Bad
            a, b = self.expr(m, k, 1), self.expr(k, n, 1)
            v = self.a.matmul(a.v, b.v)
            t = self.a.reduce("sum", v)
            y, s = self.name("C"), self.name("s")
            self.say(f"[{y}, {s}] = product({a.text}, {b.text})")
            self.result(y, v, a.rows, b.cols)
            self.result(s, t, ONE, ONE)

    def factor(self):
        """A factor, what it multiplies to, and a solve by tiles."""
        rng = self.rng
        n, m, p = self.any_dim(), self.any_dim(), self.any_dim()
        if n.value > 500 or (n.value == 1):
            raise Bad
        x = self.expr(n, m, 1)
        b = self.expr(n, p, 1)
        shift = max(1, m.value)
        xx = self.a.matmul(x.v, self.a.trans(x.v))
        if m.value == 1 and (x.rows.one() or x.cols.one()):
            raise Bad
        if x.scalar():
            raise Bad
        sv = self.a.add(xx, self.a.mul(self.a.number(shift * 4),
                                       self.a.exact(np.eye(n.value))))
        lv = self.a.cholesky(sv)
        yv = self.a.solve_lower(lv, b.v)
        e = self.edge()
        xn, s = self.named(x), self.name("S")
        self.say(f"{s} = {xn} * {xn}' + {shift * 4} * eye({n.text})")
        if rng.random() < 0.5:
            self.say(f"{s} = retile({s}, {e}, {e})")
        else:
            self.say(f"{s} = retile({s}, {e}, {self.edge()})")
        l, y = self.name("L"), self.name("Y")
        self.say(f"{l} = retile(chol(retile({s}, {e}, {e})), {e}, {e})")
        check = self.name("v")
        self.say(f"{check} = {l} * {l}' - {s}")
        self.say(f"assume {l} is lower")
        self.say(f"{y} = retile({b.text}, {e}, {self.edge()})")
        self.say(f"for k in 0..trows({l})")
        self.say(f"  for j in 0..tcols({y})")
        self.say(f"    {y}[k,j] = {l}[k,k] \\ {y}[k,j]")
        self.say(f"    for i in k+1..trows({l})")
        self.say(f"      {y}[i,j] -= {l}[i,k] * {y}[k,j]")
        self.say("    end")
        self.say("  end")
        self.say("end")
        self.result(l, lv, n, n)
        zero = V(np.zeros(sv.x.shape), 2 * sv.e + 4 * (n.value + 4) * (
            abs(lv.x) @ abs(lv.x.T)).astype(float))
        self.add(check, zero, n, n)
        self.outputs.append(check)
        del self.values[check]
        self.checks[check] = zero
        self.result(y, yv, n, b.cols)

    def element(self):
        rng = self.rng
        some = [e for e in self.values.values()
                if e.v.x.size and not e.scalar()]
        if not some:
            raise Bad
        e = rng.choice(some)
        i = rng.randrange(e.rows.value)
        j = rng.randrange(e.cols.value)
        s = self.name("s")
        back = rng.random() < 0.3
        it = f"rows({e.text}) - {e.rows.value - i}" if back else str(i)
        if e.cols.one() and rng.random() < 0.5:
            self.say(f"{s} = {e.text}({it})")
        elif e.rows.one() and rng.random() < 0.5:
            self.say(f"{s} = {e.text}({j})")
        else:
            self.say(f"{s} = {e.text}({it}, {j})")
        self.result(s, V(e.v.x[i:i + 1, j:j + 1], e.v.e[i:i + 1, j:j + 1]),
                    ONE, ONE)

    def halve(self):
        """A loop that ends by what it computes."""
        a = self.expr(self.any_dim(), self.any_dim(), 1)
        if not a.v.x.size or float(np.max(abs(a.v.x))) > 1e4:
            raise Bad
        y, v, turns = self.name("y"), a.v, 0
        while True:
            top = self.a.reduce("max", self.a.unary("abs", v))
            self.a.clear(top.x - 1, top.e + 1)
            if top.x[0, 0] <= 1:
                break
            v = self.a.mul(v, self.a.number(0.5))
            turns += 1
        n = self.name("turns")
        self.say(f"{n} = 0")
        self.say(f"{y} = {a.text}")
        self.say(f"while max(abs({y})) > 1")
        self.say(f"  {y} *= 0.5")
        self.say(f"  {n} += 1")
        self.say("end")
        self.result(y, v, a.rows, a.cols)
        # a bound number: truths of it are not numbers, so it stays alone
        self.checks[n] = self.a.exact(np.full((1, 1), turns))
        self.outputs.append(n)

    def finish(self):
        if not self.outputs:
            free = [n for n in self.values if n not in self.files]
            if free:
                self.outputs = free[-2:]
            else:
                e = self.expr(self.any_dim(), self.any_dim(), 2)
                self.say(f"last = {e.text}")
                self.add("last", e.v, e.rows, e.cols)
                self.outputs = ["last"]
        self.outputs = sorted(set(self.outputs))
        texts = [FUNCTIONS[f] for f in sorted(self.functions)]
        # inputs may be asked for late: all of them come first
        self.text = "\n".join(
            self.head + texts + self.lines +
            ["output " + ", ".join(self.outputs)]) + "\n"

    def lines_expected(self):
        return ""

    def expected(self, name):
        if name in self.checks:
            return self.checks[name]
        return self.values[name].v


# ---- running them ----------------------------------------------------------------

TMC, TMRUN = sys.argv[1], sys.argv[2]


class Failure(Exception):
    pass


def run(arguments):
    done = subprocess.run(arguments, capture_output=True, text=True,
                          timeout=300, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Failure(f"status {done.returncode}:\n{done.stdout}"
                      f"{done.stderr}")
    return done


def write_inputs(files):
    for name, x in files.items():
        path = f"in_{name}.npy"
        np.save(path, x)
    return [f"{name}=in_{name}.npy" for name in files]


def run_program(text, files, options):
    with open("p.tm", "w") as out:
        out.write(text)
    run([TMRUN, *options, "p.tm", *write_inputs(files)])


def bits(names):
    return [hashlib.sha256(open(f"{n}.npy", "rb").read()).hexdigest()
            for n in names]


def examine(program):
    """Run it in both ways and compare: how near the limit it came."""
    with open("p.tm", "w") as out:
        out.write(program.text)
    options = []
    for define in program.defines:
        options += ["-D", define]
    if program.tiles:
        options += ["--tile", program.tiles]
    inputs = write_inputs(program.files)
    lines = run([TMRUN, *options, "--threads", "1", "p.tm", *inputs]).stdout
    if lines != program.lines_expected():
        raise Failure(f"printed:\n{lines}not:\n{program.lines_expected()}")
    first = bits(program.outputs)
    got = {n: np.load(f"{n}.npy") for n in program.outputs}
    run([TMC, "p.tm", "-o", "p.plan"])
    run([TMRUN, *options, "--threads", "2", "p.plan", *inputs])
    if bits(program.outputs) != first:
        raise Failure("other bits with two threads than with one")
    worst = 0.0
    for name in program.outputs:
        x, e = (program.expected(name).x, program.expected(name).e)
        y = got[name]
        if y.shape != x.shape:
            raise Failure(f"{name} is {y.shape}, not {x.shape}")
        if y.dtype != np.dtype("f8") and y.dtype != program.a.dtype:
            raise Failure(f"{name} has type {y.dtype}")
        if not y.size:
            continue
        limit = program.a.eps * SLACK * (e + 1e-30)
        error = abs(y.astype(x.dtype) - x)
        if not np.all(error <= limit):
            at = np.unravel_index(np.argmax(error - limit), x.shape)
            raise Failure(
                f"{name}{tuple(int(i) for i in at)} is {y[at]!r}, not "
                f"{x[at]!r}: off by {float(error[at]):.3g}, allowed "
                f"{float(limit[at]):.3g}")
        worst = max(worst, float(np.max(error / limit)))
    return worst


def tell(program, seed, number, what):
    print(f"FAILED: program {number} of seed {seed} "
          f"({os.path.basename(sys.argv[0])} TMC TMRUN 1 {seed} {number})")
    if program is not None:
        print(program.text)
        for name, x in program.files.items():
            print(f"# {name}: {x.shape} {x.dtype}"
                  f"{' F' if x.flags.f_contiguous else ' C'}")
        print(f"# -D {program.defines} --tile {program.tiles}")
    print(what, flush=True)


def main(make=Program):
    count = int(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    first = int(sys.argv[5]) if len(sys.argv) > 5 else 0
    failures, worst = 0, 0.0
    np.seterr(all="ignore")
    for number in range(first, first + count):
        program = None
        try:
            program = make(seed, number)
            worst = max(worst, examine(program))
        except (Failure, subprocess.TimeoutExpired) as error:
            failures += 1
            tell(program, seed, number, error)
            if failures == 10:
                break
        for name in os.listdir("."):
            if failures == 0:
                os.remove(name)
    print(f"{count} programs, {failures} failed; the largest error is "
          f"{worst:.2g} of what is allowed")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
