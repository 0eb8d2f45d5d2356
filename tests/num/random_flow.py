"""Random loops, branches, tiles and functions against an interpreter.

Usage: random_flow.py TMC TMRUN COUNT [SEED [FIRST]], in an empty folder.

random_programs.py has large expressions in plain surroundings; here it is the
other way round.  All matrices are n x n in tiles of one size, so any statement
fits anywhere: names take each other's values, tiles of names that share a
matrix change, numbers become computed ones in a loop, loops end early.  The
program is made first, then interpreted with NumPy in program order.
"""
import random
import sys

sys.dont_write_bytecode = True
from random_programs import Arithmetic, Bad, V, main, np  # noqa: E402

HEAD = """function A = stir(A, k, f = 0.5)
  A = f * A
  A[mod(k, trows(A)),0] = 0.5 * A[0,mod(k, tcols(A))] + A[0,0]
  if k > 2
    B = A
    A = A' - B
  end
end
function [P, s] = measure(A, s)
  for i in 0..2
    s = 0.5 * s + sum(A) / numel(A)
  end
  P = A + s
end"""


class Stop(Exception):
    """break (keep 0) or continue (keep 1)."""

    def __init__(self, again):
        self.again = again


class Flow:
    """Statements are tuples: a method's name, its arguments, its text."""

    def __init__(self, seed, number):
        for attempt in range(100):
            self.rng = random.Random(f"flow:{seed}:{number}:{attempt}")
            self.np_rng = np.random.default_rng([seed, number, attempt])
            try:
                self.make()
                return
            except Bad:
                continue
        raise AssertionError("no program")

    def make(self):
        rng = self.rng
        self.type = rng.choice(["f64", "f64", "f32"])
        self.a = Arithmetic(self.type)
        self.a.most = 1e3
        self.b = rng.choice([1, 2, 3, 5])
        self.t = rng.choice([1, 2, 3, 4])
        self.n = n = self.b * self.t
        self.names = 0
        self.steps = 0
        self.printed = []
        self.tiles, self.defines = None, []
        self.matrices = [f"M{k}" for k in range(4)]
        self.inputs = ["A0", "A1"]
        self.files = {
            name: (self.np_rng.random((n, n)) * 2 - 1).astype(self.a.dtype)
            for name in self.inputs}
        body = self.block(3, rng.randint(4, 9), [], False)
        start = [f"param n = {n}", f"tile {self.b}", "input A0(n, n)",
                 "input A1(n, n)", HEAD, "t = trows(A0)", "M0 = A0",
                 "M1 = A1", "M2 = 0 * A0", "M3 = M0", "k0 = 1", "k1 = 0",
                 "s0 = 0.25 * sum(A0) / n", "s1 = 0.5"]
        self.outputs = self.matrices + ["s0", "s1"]
        self.text = "\n".join(start + self.show(body, "") + [
            "output " + ", ".join(self.outputs)]) + "\n"
        self.run(body)

    # -- statements --

    def name(self, base):
        self.names += 1
        return f"{base}{self.names}"

    def block(self, depth, count, ints, loop):
        made = []
        for _ in range(count):
            made.append(self.statement(depth, ints, loop))
        return made

    def statement(self, depth, ints, loop):
        rng = self.rng
        kinds = ["matrix"] * 5 + ["tile"] * 6 + ["int"] * 2 + \
            ["scalar"] * 2 + ["print", "call", "measure", "declare", "local"]
        if depth:
            kinds += ["if"] * 4 + ["for"] * 3 + ["while", "repeat"]
        if loop and depth < 3:
            kinds += ["leave"] * 2
        return getattr(self, "make_" + rng.choice(kinds))(depth, ints, loop)

    def m(self):
        return self.rng.choice(self.matrices)

    def source(self):
        return self.rng.choice(self.matrices * 2 + self.inputs)

    def int_expr(self, ints):
        """Text, and a function of the names."""
        rng = self.rng
        x = rng.choice(ints + ["k0", "k1"])
        y = rng.choice(ints + ["k0", "k1"])
        c = rng.randint(0, 3)
        return rng.choice([
            (f"{x}", lambda e: e[x]),
            (f"{x} + {c}", lambda e: e[x] + c),
            (f"{x} + 2 * {y}", lambda e: e[x] + 2 * e[y]),
            (f"{c}", lambda e: c)])

    def index(self, ints):
        text, value = self.int_expr(ints)
        t = self.t
        return f"mod({text}, t)", lambda e: value(e) % t

    def int_test(self, ints):
        text, value = self.int_expr(ints)
        c = self.rng.randint(0, 4)
        return self.rng.choice([
            (f"{text} < {c}", lambda e: value(e) < c),
            (f"mod({text}, 3) == 1", lambda e: value(e) % 3 == 1),
            (f"{text} >= {c}", lambda e: value(e) >= c),
            (f"{text} != {c}", lambda e: value(e) != c)])

    def test(self, ints):
        rng, a = self.rng, self.a
        if rng.random() < 0.65:
            return self.int_test(ints)
        c = rng.randint(-3, 8) / 8
        limit = V(np.full((1, 1), c), np.zeros((1, 1)))
        s, m = rng.choice(["s0", "s1"]), self.m()
        return rng.choice([
            (f"{s} > {c}",
             lambda e: bool(a.compare(">", e[s], limit).x[0, 0])),
            (f"max({m}) > {c}",
             lambda e: bool(a.compare(">", a.reduce("max", e[m]),
                                      limit).x[0, 0]))])

    def make_matrix(self, depth, ints, loop):
        rng, a = self.rng, self.a
        to, x, y = self.m(), self.source(), self.source()
        s, k = rng.choice(["s0", "s1"]), rng.choice(ints + ["k0", "k1"])
        half, quarter = a.number(0.5), a.number(0.25)
        text, value = rng.choice([
            (f"tanh({x} * {y})",
             lambda e: a.unary("tanh", a.matmul(e[x], e[y]))),
            (f"0.5 * ({x} + {y}')",
             lambda e: a.mul(half, a.add(e[x], a.trans(e[y])))),
            (f"{x} - 0.25 * {y}",
             lambda e: a.sub(e[x], a.mul(quarter, e[y]))),
            (x, lambda e: e[x]),
            (x, lambda e: e[x]),
            (f"{x}'", lambda e: a.trans(e[x])),
            (f"tanh({s}) * {x}",
             lambda e: a.mul(a.unary("tanh", e[s]), e[x])),
            (f"{x} * (mod({k}, 3) - 1)",
             lambda e: a.mul(e[x], a.number(e[k] % 3 - 1))),
            (f"tril({x}) + triu({y})",
             lambda e: a.add(a.tri(e[x], True), a.tri(e[y], False))),
            ("zeros(n, n)",
             lambda e: a.exact(np.zeros((self.n, self.n)))),
            (f"min({x}, {y}')",
             lambda e: a.binary("min", e[x], a.trans(e[y])))])
        return ("set", (to, value), f"{to} = {text}")

    def tile(self, e, name, i, j):
        b, v = self.b, e[name]
        at = (slice(i * b, i * b + b), slice(j * b, j * b + b))
        return V(v.x[at], v.e[at])

    def make_tile(self, depth, ints, loop):
        rng, a = self.rng, self.a
        to, x, y = self.m(), self.source(), self.source()
        (ti, i), (tj, j), (tk, k), (tl, el) = (self.index(ints)
                                               for _ in range(4))
        target, p, q = f"{to}[{ti},{tj}]", f"{x}[{tk},{tl}]", f"{y}[{tl},{ti}]"

        def own(e):
            return self.tile(e, to, i(e), j(e))

        def one(e):
            return self.tile(e, x, k(e), el(e))

        def two(e):
            return self.tile(e, y, el(e), i(e))

        half, quarter = a.number(0.5), a.number(0.25)
        text, value = rng.choice([
            (f"{target} = {p}", one),
            (f"{target} = {p}'", lambda e: a.trans(one(e))),
            (f"{target} += 0.25 * {p} * {q}'",
             lambda e: a.add(own(e), a.mul(quarter, a.matmul(
                 one(e), a.trans(two(e)))))),
            (f"{target} -= {p} * (0.5 * {q})",
             lambda e: a.sub(own(e), a.mul(half, a.matmul(one(e), two(e))))),
            (f"{target} = tanh({p} * {q})",
             lambda e: a.unary("tanh", a.matmul(one(e), two(e)))),
            (f"{target} = 0.5 * {target} + {p}'",
             lambda e: a.add(a.mul(half, own(e)), a.trans(one(e)))),
            (f"{target} *= 0.5", lambda e: a.mul(half, own(e))),
            (f"{target} = tril({p})", lambda e: a.tri(one(e), True)),
            (f"{target} = {target} - {p} .* {q}",
             lambda e: a.sub(own(e), a.mul(one(e), two(e)))),
            (f"{target} = 0.125", lambda e: a.exact(
                np.full((self.b, self.b), 0.125)))])
        return ("set_tile", (to, i, j, value), text)

    def make_int(self, depth, ints, loop):
        to = self.rng.choice(["k0", "k1"])
        text, value = self.int_expr(ints)
        return self.rng.choice([
            ("set", (to, lambda e: value(e) % 7), f"{to} = mod({text}, 7)"),
            ("set", (to, lambda e: e[to] + 1), f"{to} += 1")])

    def make_scalar(self, depth, ints, loop):
        rng, a, n = self.rng, self.a, self.n
        to, s, x = rng.choice(["s0", "s1"]), rng.choice(["s0", "s1"]), \
            self.source()
        c = rng.randint(-4, 4) / 4
        ti, i = self.int_expr(ints)
        tj, j = self.int_expr(ints)

        def entry(e):
            r, q = i(e) % n, j(e) % n
            return V(e[x].x[r:r + 1, q:q + 1], e[x].e[r:r + 1, q:q + 1])

        size = a.number(n)
        text, value = rng.choice([
            (f"{c}", lambda e: a.number(c)),
            (f"{s}", lambda e: e[s]),
            (f"{s} * 0.5 + {c}",
             lambda e: a.add(a.mul(e[s], a.number(0.5)), a.number(c))),
            (f"sum({x}) / (n * n)",
             lambda e: a.div(a.reduce("sum", e[x]), a.mul(size, size))),
            ("tanh(s0 + s1)",
             lambda e: a.unary("tanh", a.add(e["s0"], e["s1"]))),
            (f"{x}(mod({ti}, n), mod({tj}, n))", entry)])
        return ("set", (to, value), f"{to} = {text}")

    def make_print(self, depth, ints, loop):
        some = ["k0", "k1"] + ints
        return ("say", (some,), "print(" + ", ".join(some) + ")")

    def make_call(self, depth, ints, loop):
        a, to, x = self.a, self.m(), self.source()
        text, value = self.int_expr(ints)
        f = self.rng.choice([None, 0.25])

        def stir(e):
            k, v = value(e), a.mul(a.number(f or 0.5), e[x])
            env = {"A": v}
            new = a.add(a.mul(a.number(0.5), self.tile(env, "A", 0,
                                                       k % self.t)),
                        self.tile(env, "A", 0, 0))
            v = self.with_tile(v, k % self.t, 0, new)
            return a.sub(a.trans(v), v) if k > 2 else v

        more = f", f={f}" if f else ""
        return ("set", (to, stir), f"{to} = stir({x}, {text}{more})")

    def make_measure(self, depth, ints, loop):
        a, to, x = self.a, self.m(), self.source()
        s, r = self.rng.choice(["s0", "s1"]), self.rng.choice(["s0", "s1"])

        def both(e):
            v = e[s]
            size = a.number(self.n * self.n)
            for _ in range(2):
                v = a.add(a.mul(a.number(0.5), v),
                          a.div(a.reduce("sum", e[x]), size))
            e[to], e[r] = a.add(e[x], v), v

        return ("do", (both,), f"[{to}, {r}] = measure({x}, {s})")

    def make_declare(self, depth, ints, loop):
        """A matrix that is zero each time it is declared."""
        a, to, x = self.a, self.m(), self.source()
        w = self.name("W")
        ti, i = self.index(ints)

        def all_of(e):
            v = a.exact(np.zeros((self.n, self.n)))
            v = self.with_tile(v, i(e), 0, self.tile(e, x, 0, i(e)))
            e[to] = a.sub(a.mul(a.number(0.5), e[to]), v)

        return ("do", (all_of,),
                f"matrix {w}(n, n); {w}[{ti},0] += {x}[0,{ti}]; "
                f"{to} = 0.5 * {to} - {w}")

    def make_local(self, depth, ints, loop):
        """A name that is bound here, whose matrix another goes on to share."""
        a, to, x, y = self.a, self.m(), self.source(), self.m()
        v = self.name("v")
        ti, i = self.index(ints)

        def all_of(e):
            first = e[x]
            e[to] = first
            e[y] = a.add(a.mul(a.number(0.5), e[y]), self.with_tile(
                first, i(e), i(e), a.exact(np.zeros((self.b, self.b)))))

        return ("do", (all_of,),
                f"{v} = {x}; {to} = {v}; {v}[{ti},{ti}] = 0 * {v}[{ti},{ti}]; "
                f"{y} = 0.5 * {y} + {v}")

    def make_if(self, depth, ints, loop):
        rng = self.rng
        tests = [self.test(ints) for _ in range(rng.choice([1, 1, 1, 2]))]
        blocks = [self.block(depth - 1, rng.randint(1, 3), ints, loop)
                  for _ in tests]
        last = self.block(depth - 1, rng.randint(1, 3), ints, loop) \
            if rng.random() < 0.5 else None
        return ("choose", (tests, blocks, last), None)

    def make_for(self, depth, ints, loop):
        rng = self.rng
        i = self.name("i")
        high, step = rng.randint(0, 4), rng.choice([1, 1, 1, 2])
        text, value = rng.choice([
            (f"{high}", lambda e: high), ("t", lambda e: self.t),
            ("mod(k0, 4)", lambda e: e["k0"] % 4)])
        body = self.block(depth - 1, rng.randint(1, 4), ints + [i], True)
        head = f"for {i} in 0..{text}" + (f" step {step}" if step > 1 else "")
        return ("loop", (i, value, step, body, head), None)

    def make_while(self, depth, ints, loop):
        rng = self.rng
        w, times = self.name("w"), rng.randint(0, 3)
        tests = [(f"{w} < {times}", lambda e: e[w] < times)]
        if rng.random() < 0.4:
            text, value = self.test(ints)
            tests.append((text, value))
        body = self.block(depth - 1, rng.randint(1, 3), ints + [w], True)
        return ("turn", (w, tests, body), None)

    def make_repeat(self, depth, ints, loop):
        w, times = self.name("w"), self.rng.randint(1, 3)
        body = self.block(depth - 1, self.rng.randint(1, 3), ints + [w],
                          True)
        if any(s[0] == "leave" for s in self.flat(body)):
            raise Bad
        return ("again", (w, times, body), None)

    def flat(self, block):
        """All statements of a block that belong to the same loop."""
        for s in block:
            yield s
            if s[0] == "choose":
                for b in s[1][1] + ([s[1][2]] if s[1][2] else []):
                    yield from self.flat(b)

    def make_leave(self, depth, ints, loop):
        again = self.rng.random() < 0.5
        return ("leave", (self.test(ints), again), None)

    # -- text --

    def show(self, block, indent):
        lines = []
        for kind, args, text in block:
            if text:
                lines.append(indent + text)
            elif kind == "choose":
                tests, blocks, last = args
                for k, (test, body) in enumerate(zip(tests, blocks)):
                    word = "elseif" if k else "if"
                    lines.append(f"{indent}{word} {test[0]}")
                    lines += self.show(body, indent + "  ")
                if last is not None:
                    lines.append(indent + "else")
                    lines += self.show(last, indent + "  ")
                lines.append(indent + "end")
            elif kind == "loop":
                lines.append(indent + args[4])
                lines += self.show(args[3], indent + "  ")
                lines.append(indent + "end")
            elif kind == "turn":
                w, tests, body = args
                lines.append(f"{indent}{w} = 0")
                lines.append(f"{indent}while " + " && ".join(
                    t[0] for t in tests))
                lines.append(f"{indent}  {w} += 1")
                lines += self.show(body, indent + "  ")
                lines.append(indent + "end")
            elif kind == "again":
                w, times, body = args
                lines.append(f"{indent}{w} = 0")
                lines.append(indent + "repeat")
                lines.append(f"{indent}  {w} += 1")
                lines += self.show(body, indent + "  ")
                lines.append(f"{indent}until {w} >= {times}")
            elif kind == "leave":
                (test, _), again = args
                lines += [f"{indent}if {test}", indent + "  " + (
                    "continue" if again else "break"), indent + "end"]
        return lines

    # -- interpreter --

    def with_tile(self, v, i, j, new):
        b = self.b
        at = (slice(i * b, i * b + b), slice(j * b, j * b + b))
        x, e = v.x.copy(), v.e.copy()
        x[at], e[at] = new.x, new.e
        return V(x, e)

    def run(self, body):
        a = self.a
        e = {name: a.exact(x.astype(a.wide)) for name, x in
             self.files.items()}
        e.update(M0=e["A0"], M1=e["A1"], M3=e["A0"], k0=1, k1=0,
                 M2=a.exact(np.zeros((self.n, self.n))), s1=a.number(0.5))
        e["s0"] = a.div(a.mul(a.number(0.25), a.reduce("sum", e["A0"])),
                        a.number(self.n))
        self.go(body, e)
        self.final = e

    def go(self, block, e):
        for kind, args, _ in block:
            self.steps += 1
            if self.steps > 600:
                raise Bad
            getattr(self, "go_" + kind)(e, *args)

    def go_set(self, e, to, value):
        e[to] = value(e)
        if isinstance(e[to], int) and abs(e[to]) > 1000:
            raise Bad

    def go_set_tile(self, e, to, i, j, value):
        e[to] = self.with_tile(e[to], i(e), j(e), value(e))

    def go_do(self, e, action):
        action(e)

    def go_say(self, e, names):
        self.printed.append(" ".join(str(e[n]) for n in names))

    def go_choose(self, e, tests, blocks, last):
        for test, body in zip(tests, blocks):
            if test[1](e):
                self.go(body, e)
                return
        if last is not None:
            self.go(last, e)

    def body(self, body, e):
        """One turn; does another follow?"""
        try:
            self.go(body, e)
        except Stop as stop:
            return stop.again
        return True

    def go_loop(self, e, i, high, step, body, head):
        for e[i] in range(0, high(e), step):
            if not self.body(body, e):
                break

    def go_turn(self, e, w, tests, body):
        e[w] = 0
        # a computed test is looked at in every turn, so near ones are Bad
        while all([t[1](e) for t in tests]):
            e[w] += 1
            if not self.body(body, e):
                break

    def go_again(self, e, w, times, body):
        e[w] = 0
        while True:
            e[w] += 1
            self.go(body, e)
            if e[w] >= times:
                break

    def go_leave(self, e, test, again):
        if test[1](e):
            raise Stop(again)

    def lines_expected(self):
        return "".join(line + "\n" for line in self.printed)

    def expected(self, name):
        return self.final[name]


main(Flow)
