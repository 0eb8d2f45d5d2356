"""Usage: tool.py TOOL JOB N FOLDER THREADS INPUTS [once]

A tool in a process of its own: ours through libtilematrix.so, NumPy, SciPy,
Dask.  INPUTS are names, "A,B", of FOLDER/A.npy.  It says "ready", then "run" on standard
input gives the seconds of the job, "save" writes its results to
FOLDER/TOOL.NAME.npy, "about" tells versions.  once: do it all without being
told, as a whole process."""
import os
import sys
import time

import numpy as np

tool, name, n, folder, threads, inputs = sys.argv[1:7]
n, threads, once = int(n), int(threads), sys.argv[7:] == ["once"]
if not once:  # a whole process has no use for the table
    import jobs
    job = [x for x in jobs.JOBS if x.name == name][0]


def blas_in_use():
    """The library that answers for BLAS in this process."""
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if "/" in line}
    for word in "openblas", "blis", "mkl", "libblas":
        for file in sorted(files):
            if word in os.path.realpath(file):
                return "/".join(os.path.realpath(file).split("/")[-2:])
    return "?"


def gp_numpy(X, y, Z, solve=np.linalg.solve, chol=np.linalg.cholesky):
    a, c = (X * X).sum(1, keepdims=True), (Z * Z).sum(1, keepdims=True)
    K = np.exp(-0.5 * (a + a.T - 2 * X @ X.T)) + 0.01 * np.eye(len(X))
    S = np.exp(-0.5 * (a + c.T - 2 * X @ Z.T))
    L = chol(K)
    W = solve(L, S)
    return S.T @ solve(L.T, solve(L, y)), 1.01 - (W * W).sum(0, keepdims=True)


def gp_scipy(X, y, Z):
    from scipy import linalg
    a, c = (X * X).sum(1, keepdims=True), (Z * Z).sum(1, keepdims=True)
    K = np.exp(-0.5 * (a + a.T - 2 * X @ X.T)) + 0.01 * np.eye(len(X))
    S = np.exp(-0.5 * (a + c.T - 2 * X @ Z.T))
    L = linalg.cholesky(K, lower=True, check_finite=False)
    W = linalg.solve_triangular(L, S, lower=True, check_finite=False)
    C = S.T @ linalg.cho_solve((L, True), y, check_finite=False)
    return C, 1.01 - (W * W).sum(0, keepdims=True)


def touch(*x):
    return 0


def delayed_independent(n):
    return dask.delayed(touch)(*[dask.delayed(touch)(k) for k in range(n)])


def delayed_chain(n):
    one, x = dask.delayed(touch), 0
    for _ in range(n):
        x = one(x)
    return x


def delayed_cholesky(n):
    t, one = int((6 * n) ** (1 / 3)), dask.delayed(touch)
    C = {}
    for k in range(t):
        C[k, k] = one(C.get((k, k), 0))
        for i in range(k + 1, t):
            C[i, k] = one(C.get((i, k), 0), C[k, k])
        for i in range(k + 1, t):
            for j in range(k + 1, i + 1):
                C[i, j] = one(C.get((i, j), 0), C[i, k], C[j, k])
    return C[t - 1, t - 1]


def point(a, b, c):
    return np.exp(-np.exp(a + b + c))


def delayed_stencil(n):
    one, zero = dask.delayed(point), np.zeros(n)
    row = [zero] * (jobs.STENCIL_WIDTH + 2)
    for _ in range(2 * jobs.STENCIL_STEPS):
        row = [zero, *(one(*row[i:i + 3]) for i in range(jobs.STENCIL_WIDTH)),
               zero]
    return dask.delayed(touch)(*row)


class Ours:
    """The script, compiled, its inputs bound to memory."""

    def __init__(self, given):
        import ctypes
        self.c = ctypes
        self.tm = tm = ctypes.CDLL(os.environ["TM_LIBRARY"])
        for function in ("tm_message_text", "tm_run_error", "tm_version"):
            getattr(tm, function).restype = ctypes.c_char_p
        self.given = given
        plan, message = ctypes.c_void_p(), ctypes.c_void_p()
        text = "".join("input %s(r%s, c%s)\n" % (x, x, x) for x in given)
        text += job.script + "\n"
        text += "".join("output %s\n" % x for x in job.outputs)
        if tm.tm_compile_text(b"job.tm", text.encode(), 0, None,
                              ctypes.byref(plan), ctypes.byref(message)):
            sys.exit(tm.tm_message_text(message).decode())
        self.run_, self.plan = ctypes.c_void_p(), plan
        self.check(tm.tm_run_new(plan, ctypes.byref(self.run_)))
        self.check(tm.tm_run_threads(self.run_, threads))
        if job.tile:
            self.check(tm.tm_run_tile(self.run_, ctypes.c_int64(job.tile),
                                      ctypes.c_int64(job.tile)))
        if "param n" in job.script:
            self.check(tm.tm_run_set(self.run_, b"n", str(n).encode()))

    def check(self, status):
        if status:
            sys.exit(self.tm.tm_run_error(self.run_).decode())

    def run(self):
        c, tm = self.c, self.tm
        for key, x in self.given.items():
            self.check(tm.tm_run_bind_memory(
                self.run_, key.encode(), c.c_void_p(x.ctypes.data), 2,
                *(c.c_int64(k) for k in (*x.shape, x.strides[0] // 8,
                                         x.strides[1] // 8))))
        for key in job.outputs:
            self.check(tm.tm_run_keep(self.run_, key.encode()))
        start = time.perf_counter()
        self.check(tm.tm_run_execute(self.run_))
        return time.perf_counter() - start

    def results(self):
        c = self.c

        class View(c.Structure):
            _fields_ = [("data", c.c_void_p), ("type", c.c_int),
                        ("rows", c.c_int64), ("cols", c.c_int64)]
        for key in job.outputs:
            view = View()
            self.check(self.tm.tm_run_result(self.run_, key.encode(),
                                             c.byref(view)))
            numbers = (c.c_double * (view.rows * view.cols)).from_address(
                view.data)
            yield np.frombuffer(numbers).reshape(view.rows, view.cols,
                                                 order="F")

    def about(self):
        return self.tm.tm_version().decode()


class Python:
    """An expression in NumPy, SciPy or Dask."""

    def __init__(self, given, text, tile):
        self.names = {"np": np, "n": n, **globals(), **given}
        self.compute = tool == "dask"
        if tool == "scipy":
            import scipy
            from scipy import linalg
            from scipy.linalg import blas
            self.names.update(linalg=linalg, blas=blas)
            self.version = scipy.__version__
        elif tool == "dask":
            import dask
            import dask.array as da
            globals()["dask"] = dask
            dask.config.set(scheduler="threads", num_workers=threads)
            self.version = dask.__version__
            self.names.update(da=da)
            for key, x in given.items():
                self.names[key] = da.from_array(x, chunks=tile or "64MiB")
        else:
            self.version = np.__version__
        self.code = compile(text, "job", "eval")
        self.last = None

    def run(self):
        self.last = None
        start = time.perf_counter()
        self.last = eval(self.code, self.names)
        if self.compute:
            self.last = self.last.compute()
        return time.perf_counter() - start

    def results(self):
        last = self.last if isinstance(self.last, tuple) else (self.last,)
        return (None if x is None else np.atleast_2d(x) for x in last)

    def about(self):
        return "%s, %s" % (self.version, blas_in_use())


def load(names):
    return {key: np.load(os.path.join(folder, key + ".npy")) for key in names}


if once:
    # Of a whole process everything counts; the runner gives the expression.
    given = load(filter(None, inputs.split(",")))
    done = Python(given, os.environ["TEXT"], int(os.environ["TILE"]))
    done.run()
    for x in done.results():
        with open(os.path.join(folder, tool + ".C.npy"), "wb") as file:
            np.save(file, x)
            if "fsync" in tool:
                file.flush()
                os.fsync(file.fileno())
    sys.exit()

given = load(filter(None, inputs.split(",")))
if tool == "ours":
    done = Ours(given)
else:
    done = Python(given, job.peers[tool], job.dask_tile)
print("ready", flush=True)
for line in sys.stdin:
    word = line.strip()
    if word == "run":
        print("%.9f" % done.run(), flush=True)
    elif word == "save":
        for key, x in zip(job.outputs, done.results()):
            if x is not None:
                np.save(os.path.join(folder, "%s.%s.npy" % (tool, key)), x)
        print(0, flush=True)
    else:
        print(done.about(), flush=True)
