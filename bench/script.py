"""Usage: script.py LINES: a script of so many lines, of the kinds that scripts
have, the same each time.  For bench/compile.sh."""
import random
import sys

lines = int(sys.argv[1])
random.seed(5)
pick = random.choice
out = ["param n = 100", "param tol = 1e-8", "input A(n, n)", "input b(n, 1)"]
matrices, vectors, numbers = ["A"], ["b"], ["tol"]
functions = []


def recent(names):
    """One of the last few, as in what people write."""
    return pick(names[-12:])


def new(kind, names):
    names.append("%s%d" % (kind, len(names)))
    return names[-1]


def matrix():
    return pick([
        lambda: "%s * %s" % (recent(matrices), recent(matrices)),
        lambda: "%s + 2 * %s'" % (recent(matrices), recent(matrices)),
        lambda: "%s .* %s - %s" % (recent(matrices), recent(matrices),
                                   recent(matrices)),
        lambda: "%s / %s" % (recent(matrices), pick(["3", "n", "4.5"])),
        lambda: "tril(%s) + eye(n)" % recent(matrices),
        lambda: "abs(%s) + %s" % (recent(matrices), recent(numbers)),
        lambda: "rand(n, n, seed=%d)" % random.randrange(100),
    ])()


def vector():
    return pick([
        lambda: "%s * %s" % (recent(matrices), recent(vectors)),
        lambda: "%s + %s * %s" % (recent(vectors), recent(numbers),
                                  recent(vectors)),
        lambda: "rowsums(%s)" % recent(matrices),
        lambda: "exp(-abs(%s))" % recent(vectors),
    ])()


def number():
    return pick([
        lambda: "norm(%s)" % recent(vectors),
        lambda: "dot(%s, %s)" % (recent(vectors), recent(vectors)),
        lambda: "sum(%s .* %s)" % (recent(matrices), recent(matrices)),
        lambda: "%s * 2 + 1" % recent(numbers),
    ])()


def statement():
    kind = random.random()
    if kind < 0.3:
        value = matrix()
        out.append("%s = %s" % (new("M", matrices), value))
    elif kind < 0.6:
        value = vector()
        out.append("%s = %s" % (new("v", vectors), value))
    elif kind < 0.75:
        value = number()
        out.append("%s = %s" % (new("s", numbers), value))
    elif kind < 0.83:
        out.append("# what follows hangs on %s" % recent(numbers))
    elif kind < 0.87:
        out.append("print(\"value\", %s, \"of\", %s)"
                   % (recent(numbers), recent(numbers)))
    elif kind < 0.90:
        x, y, z = recent(vectors), recent(matrices), recent(numbers)
        out.extend(["for i in 0..5", "  %s = %s + %s * %s" % (x, x, y, x),
                    "  if norm(%s) > %s" % (x, z),
                    "    %s = %s / 2" % (x, x), "  end", "end"])
    elif kind < 0.92:
        x, y = recent(vectors), recent(matrices)
        turn = "turn%d" % len(out)
        out.extend([turn + " = 0", "repeat", "  %s = %s * %s" % (x, y, x),
                    "  c = norm(%s)" % x, "  %s += 1" % turn,
                    "until c < tol || %s > 3" % turn])
    elif kind < 0.95:
        name = new("M", matrices)
        out.extend(["matrix %s(n, n)" % name, "for i in 0..trows(%s)" % name,
                    "  for j in 0..tcols(%s)" % name,
                    "    %s[i,j] = %s[i,j] + %s[j,i]'"
                    % (name, matrices[-2], matrices[-2]), "  end", "end"])
    elif kind < 0.98 or not functions:
        name = new("f", functions)
        out.extend(["function [y, s] = %s(X, x, a = 2)" % name,
                    "  y = X * x", "  s = norm(y) + a", "  y = y / s", "end"])
    else:
        y, s = "v%d" % len(vectors), "s%d" % len(numbers)
        out.append("[%s, %s] = %s(%s, %s, a=3)"
                   % (y, s, recent(functions), recent(matrices),
                      recent(vectors)))
        vectors.append(y)
        numbers.append(s)


while len(out) < lines - 10:
    statement()
out.extend(["m = %s" % " + ".join(matrices[-6:]),
            "v = %s" % " + ".join(vectors[-6:]), "output m, v",
            "print(%s)" % ", ".join(numbers[-6:])])
while len(out) < lines:
    out.append("# the end")
print("\n".join(out))
