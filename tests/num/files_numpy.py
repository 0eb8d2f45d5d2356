"""Matrix files against NumPy, and SciPy where it is installed.

Usage: files_numpy.py FILE_TOOL, in an empty folder.

What they write must be read as they read it, to the last bit; what file_tool
writes in blocks must be read by them the same.  Exits with 77 when there is no
NumPy.
"""
import io
import itertools
import subprocess
import sys

try:
    import numpy as np
    from numpy.lib import format as npy
except ImportError:
    print("no NumPy")
    sys.exit(77)
try:
    import scipy.io
    import scipy.sparse
except ImportError:
    scipy = None

TOOL = sys.argv[1]
random = np.random.default_rng(42)
count = 0
failures = 0


def run(*args):
    done = subprocess.run([TOOL, *map(str, args)], capture_output=True,
                          text=True)
    return done.returncode, done.stdout, done.stderr.strip()


def check(holds, *what):
    global count, failures
    count += 1
    if not holds:
        failures += 1
        print("FAILED", *what)


def same(a, b):
    """Bit by bit, but for what is inside a nan."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    if a.dtype.kind == "c" or b.dtype.kind == "c":
        return same(a.real, b.real) and same(a.imag, b.imag)
    a, b = a.astype("f8"), b.astype("f8")
    nan = np.isnan(a)
    return bool(np.all(nan == np.isnan(b)) and np.all(a[~nan] == b[~nan])
                and np.all(np.signbit(a[~nan]) == np.signbit(b[~nan])))


def read(path):
    """A file as file_tool prints it: matrix, type, stored; None: refused."""
    status, out, error = run(path)
    if status:
        return None, status, error
    lines = out.split("\n")
    rows, cols, kind, stored = lines[0].split()
    rows, cols = int(rows), int(cols)
    if kind.startswith("c"):
        pairs = [line.split() for line in lines[1:-1]]
        data = np.empty(len(pairs), "c16")
        data.real = [float(p[0]) for p in pairs]
        data.imag = [float(p[1]) for p in pairs]
    else:
        data = np.array([float(line) for line in lines[1:-1]], "f8")
    return data.reshape(rows, cols), kind, stored


def matrix(a):
    """As Tilematrix sees it: a number is 1 x 1, a vector a column."""
    a = np.asarray(a)
    return a.reshape(-1, 1) if a.ndim < 2 else a


def sample(shape, dtype):
    dtype = np.dtype(dtype)
    size = int(np.prod(shape))
    if dtype.kind == "b":
        a = random.integers(0, 2, size).astype(dtype)
    elif dtype.kind in "iu":
        a = np.frombuffer(random.bytes(size * dtype.itemsize), dtype)
    elif dtype.kind == "c":
        half = np.dtype(dtype.byteorder + "f%d" % (dtype.itemsize // 2))
        a = np.frombuffer(random.bytes(size * dtype.itemsize), half).copy()
        a[: min(3, size)] = [np.inf, -0.0, np.nan][: min(3, size)]
        a = a.view(dtype)
    else:
        a = np.frombuffer(random.bytes(size * dtype.itemsize), dtype).copy()
        a[: min(4, size)] = [np.inf, -0.0, np.nan, -np.inf][: min(4, size)]
    return a.reshape(shape)


KINDS = {"b": "f64", "i": "f64", "u": "f64"}
TYPES = {"f2": "f32", "f4": "f32", "f8": "f64", "c8": "c64", "c16": "c128"}


def npy_read():
    dtypes = ["|b1", "|i1", "|u1"]
    for order in "<>":
        for name in "i2 i4 i8 u2 u4 u8 f2 f4 f8 c8 c16".split():
            dtypes.append(order + name)
    shapes = [(), (1,), (5,), (1, 1), (3, 4), (1, 6), (6, 1), (0, 3), (3, 0),
              (17, 23)]
    for k, (dtype, shape) in enumerate(itertools.product(dtypes, shapes)):
        a = sample(shape, dtype)
        for order in "CF":
            with open("a.npy", "wb") as out:
                npy.write_array(out, np.asarray(a, order=order),
                                version=[(1, 0), (2, 0), (3, 0)][k % 3])
            got, kind, stored = read("a.npy")
            # integers are rounded to nearest, as NumPy does
            check(got is not None and same(got, matrix(a)), dtype, shape,
                  order, kind, stored)
            want = KINDS.get(a.dtype.kind) or TYPES[dtype[1:]]
            check(kind == want and stored == a.dtype.newbyteorder("=").name,
                  dtype, kind, stored)


def npy_refused():
    bad = [np.zeros((2, 3, 4)), np.array(["text"]), np.array([b"text"]),
           np.array([{}], dtype=object), np.zeros(3, "f4,i2"),
           np.zeros(2, "M8[s]"), np.zeros(2, "longdouble"), np.zeros(2, "V5")]
    for a in bad:
        np.save("bad.npy", a)
        got, status, error = read("bad.npy")
        check(got is None and status == 3 and "bad.npy" in error, a.dtype,
              a.shape, status, error)


def copies(path, a, extensions):
    """Through file_tool in blocks, to each format, and back by NumPy."""
    for (b, c), extension in itertools.product([(1, 1), (3, 2), (100, 5),
                                                (4, 100)], extensions):
        if extension == "csv" and (a.dtype.kind == "c" or a.size == 0):
            continue
        if extension == "mtx" and (scipy is None or a.size == 0):
            continue
        out = "copy." + extension
        status, _, error = run(path, out, b, c)
        check(status == 0, path, out, error)
        if status:
            continue
        if extension == "npy":
            got = np.load(out)
            check(got.flags.f_contiguous, "order", path)
        elif extension == "csv":
            got = np.loadtxt(out, delimiter=",", ndmin=2)
        else:
            got = scipy.io.mmread(out)
        if extension != "npy" and a.dtype.itemsize == (
                8 if a.dtype.kind == "c" else 4):
            got = got.astype(a.dtype)  # as few digits as f32 needs
        check(same(got, matrix(a)), path, out, b, c)


def npy_copies():
    for dtype in ["f4", "f8", "c8", "c16", ">f8", "i2"]:
        for shape in [(7, 5), (1, 9), (9, 1), (1, 1), (0, 4), (4, 0)]:
            a = sample(shape, dtype)
            for order in "CF":
                np.save("from.npy", np.asarray(a, order=order))
                copies("from.npy", a, ["npy", "csv", "mtx"])


def conversions():
    a = sample((9, 7), "f8")
    a[4:] = random.standard_normal((5, 7))
    np.save("from.npy", a)
    with np.errstate(over="ignore", invalid="ignore"):
        for name, dtype in [("f32", "f4"), ("f64", "f8"), ("c64", "c8"),
                            ("c128", "c16")]:
            check(run("from.npy", "to.npy", 4, 3, name)[0] == 0, name)
            check(same(np.load("to.npy"), a.astype(dtype)), name)
            check(np.load("to.npy").dtype == np.dtype(dtype), name)


def large():
    """Blocks that don't fit into a buffer."""
    a = random.standard_normal((700, 3000))
    for dtype, order in itertools.product(["<f8", ">f8", "<f4", "<i4"], "CF"):
        b = np.asarray((a * 1000).astype(dtype), order=order)
        np.save("large.npy", b)
        for block in [(700, 3000), (250, 800), (64, 3000)]:
            check(run("large.npy", "copy.npy", *block)[0] == 0, dtype, order)
            check(same(np.load("copy.npy"), b), dtype, order, block)


def csv_read():
    a = sample((8, 6), "f8")
    a[4:] = random.standard_normal((4, 6))
    for form, delimiter, newline, header in itertools.product(
            ["%.18e", "%.17g", "%25.17g", "%r"], [",", ";", "\t", ", "],
            ["\n", "\r\n"], ["", "x,y"]):
        text = io.StringIO(newline="")
        if form == "%r":
            rows = [delimiter.join(repr(float(x)) for x in row) for row in a]
            text.write(newline.join(rows))
        else:
            np.savetxt(text, a, form, delimiter, newline)
        names = delimiter.join(["name"] * 6) + newline if header else ""
        with open("a.csv", "w", newline="") as out:
            out.write(names + text.getvalue())
        got, kind, stored = read("a.csv")
        check(got is not None and same(got, a), repr((form, delimiter, newline,
                                                      header)), kind, stored)
    copies("a.csv", a, ["npy", "csv", "mtx"])


def mtx_read():
    if scipy is None:
        print("no SciPy: MatrixMarket is not compared")
        return
    n = 7
    a = np.round(random.standard_normal((n, n)), 3)
    c = a + 1j * np.round(random.standard_normal((n, n)), 3)
    cases = {
        "general": [a, c, np.arange(n * n).reshape(n, n), a[:, :3], c[:2]],
        "symmetric": [a + a.T, c + c.T,
                      np.arange(n)[:, None] + np.arange(n)],
        "skew-symmetric": [a - a.T, c - c.T,
                           np.arange(n)[:, None] - np.arange(n)],
        "hermitian": [c + c.conj().T],
    }
    for symmetry, matrices in cases.items():
        for m in matrices:
            field = {"i": "integer", "f": "real", "c": "complex"}[m.dtype.kind]
            stored = [m, scipy.sparse.coo_matrix(m)]
            thin = m * (np.abs(m) > np.median(np.abs(m)))
            stored.append(scipy.sparse.coo_matrix(thin))
            if symmetry == "skew-symmetric" and field == "complex":
                del stored[0]  # SciPy writes a diagonal there is none of
            for s in stored:
                scipy.io.mmwrite("a.mtx", s, comment="a comment\nanother",
                                 field=field, symmetry=symmetry, precision=17)
                got, kind, name = read("a.mtx")
                dense = s.toarray() if scipy.sparse.issparse(s) else s
                check(got is not None and np.array_equal(got, dense) and
                      name == field, symmetry, field, type(s), kind, name)
    s = scipy.sparse.random(20, 30, 0.2, format="coo", random_state=1)
    scipy.io.mmwrite("a.mtx", s, field="pattern")
    got, kind, name = read("a.mtx")
    check(name == "pattern" and np.array_equal(got, s.toarray() != 0))
    # SciPy adds what comes twice, too
    with open("a.mtx", "w") as out:
        out.write("%%MatrixMarket matrix coordinate real general\n3 3 4\n"
                  "1 1 0.5\n3 2 1\n1 1 0.25\n3 2 -4\n")
    check(np.array_equal(read("a.mtx")[0], scipy.io.mmread("a.mtx").toarray()))


np.seterr(all="ignore")
npy_read()
npy_refused()
npy_copies()
conversions()
large()
csv_read()
mtx_read()
print(count, "comparisons,", failures, "failures")
sys.exit(failures > 0)
