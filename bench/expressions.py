"""Usage: expressions.py LIBTILEMATRIX.SO FOLDER OCTAVE [NAME...]

See expressions.sh.  The library is called through its C interface, NumPy and
Octave are processes of their own: each has its own BLAS and threads."""
import ctypes
import importlib
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np

try:
    import scipy.io
    from scipy.linalg import blas, lapack
except ImportError:
    blas = lapack = None

LIBRARY, FOLDER, OCTAVE = sys.argv[1:4]  # LIBRARY "": be the NumPy peer
ROUNDS = int(os.environ.get("ROUNDS", "7"))
sys.dont_write_bytecode = True
sys.path.insert(0, FOLDER)
cases = importlib.import_module("cases")
TM_F64 = 2


def answer():
    """Be the peer: a line says what to do, a line says how long it took."""
    for line in sys.stdin:
        word, *name = line.split()
        if word == "load":
            case = cases.load(name[0])
            given = cases.inputs(np, case, case.BENCH)
            print(0)
        else:
            libraries = (np, blas, lapack) if word == "hand" else (np,)
            start = time.perf_counter()
            result = getattr(case, word)(*libraries, **given)
            print("%.9f" % (time.perf_counter() - start))
            del result
        sys.stdout.flush()


if not LIBRARY:
    answer()
    sys.exit()


class Progress(ctypes.Structure):  # struct tm_progress
    _fields_ = [("seconds", ctypes.c_double), ("flops", ctypes.c_double),
                ("total_flops", ctypes.c_double), ("tasks", ctypes.c_uint64),
                ("whole", ctypes.c_int), ("idle_seconds", ctypes.c_double),
                ("fetch_seconds", ctypes.c_double)]


ON_PROGRESS = ctypes.CFUNCTYPE(None, ctypes.c_void_p,
                               ctypes.POINTER(Progress))
tm = ctypes.CDLL(LIBRARY)
tm.tm_message_text.restype = ctypes.c_char_p
tm.tm_plan_output.restype = ctypes.c_char_p
tm.tm_plan_output.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
tm.tm_run_error.restype = ctypes.c_char_p
tm.tm_run_on_progress.argtypes = [ctypes.c_void_p, ON_PROGRESS,
                                  ctypes.c_void_p]


class View(ctypes.Structure):  # struct tm_view
    _fields_ = [("data", ctypes.c_void_p), ("type", ctypes.c_int),
                ("rows", ctypes.c_int64), ("cols", ctypes.c_int64)]


class Script:
    """A script, compiled, with its inputs bound to arrays."""

    def __init__(self, case, given):
        plan, message = ctypes.c_void_p(), ctypes.c_void_p()
        status = tm.tm_compile_file(case.SCRIPT.encode(), None,
                                    ctypes.byref(plan), ctypes.byref(message))
        if status:
            sys.exit(tm.tm_message_text(message).decode())
        tm.tm_message_free(message)
        self.case, self.plan = case, plan
        self.run, self.last = ctypes.c_void_p(), Progress()
        self.check(tm.tm_run_new(plan, ctypes.byref(self.run)))
        self.note = ON_PROGRESS(self.keep)
        tm.tm_run_on_progress(self.run, self.note, None)
        self.given = given
        self.names = []
        while tm.tm_plan_output(plan, len(self.names)):
            self.names.append(tm.tm_plan_output(plan, len(self.names)))

    def keep(self, user, progress):
        self.last = Progress.from_buffer_copy(progress.contents)

    def check(self, status):
        if status:
            sys.exit("%s: %s" % (self.case.NAME,
                                 tm.tm_run_error(self.run).decode()))

    def execute(self):
        """Seconds; the outputs are in self.results."""
        for name, x in self.given.items():
            step = x.itemsize
            self.check(tm.tm_run_bind_memory(
                self.run, name.encode(), x.ctypes.data_as(ctypes.c_void_p),
                TM_F64, *(ctypes.c_int64(n) for n in
                          (x.shape[0], x.shape[1], x.strides[0] // step,
                           x.strides[1] // step))))
        for name in self.names:
            self.check(tm.tm_run_keep(self.run, name))
        start = time.perf_counter()
        self.check(tm.tm_run_execute(self.run))
        seconds = time.perf_counter() - start
        self.results = {}
        for name in self.names:
            view = View()
            self.check(tm.tm_run_result(self.run, name, ctypes.byref(view)))
            count = view.rows * view.cols
            numbers = (ctypes.c_double * count).from_address(view.data)
            self.results[name.decode()] = np.array(numbers).reshape(
                (view.rows, view.cols), order="F")
        return seconds

    def close(self):
        tm.tm_run_free(self.run)
        tm.tm_plan_free(self.plan)


class Octave:
    """A running Octave that times what it is told."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            shlex.split(command) + ["--no-gui", "--no-init-file", "--quiet"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def load(self, given):
        scipy.io.savemat("given.mat", given)
        self.say("clear all; load given.mat")

    def time(self, text):
        self.say("started = tic;\n%s\n"
                 "printf('%%.9f\\n', toc(started)); fflush(stdout);" % text)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("Octave has ended")
        return float(line)


class NumPy:
    def __init__(self):
        paths = os.environ.get("NUMPY_LIBRARY_PATH")
        self.process = subprocess.Popen(
            [sys.executable, sys.argv[0], "", FOLDER, ""],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, LD_LIBRARY_PATH=paths) if paths else None)

    def time(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("NumPy has ended")
        return float(line)


def ratio(ours, theirs):
    if not theirs:
        return "-"
    ratios = sorted(a / b for a, b in zip(ours, theirs))
    return "%.2f (%.2f-%.2f)" % (statistics.median(ratios), ratios[0],
                                 ratios[-1])


def milliseconds(times):
    return "%.1f" % (1e3 * statistics.median(times)) if times else "-"


def measure(name, numpy, octave):
    case = cases.load(name)
    given = cases.inputs(np, case, case.BENCH)
    script = Script(case, given)
    wanted = case.naive(np, **given)
    script.execute()
    error = cases.error(np, script.results, wanted)
    if not error < 1e5:
        sys.exit("%s: error of %g n eps" % (name, error))
    if octave:
        octave.load(given)
        octave.time(case.OCTAVE)
    numpy.time("load " + name)
    numpy.time("naive")
    if blas:
        numpy.time("hand")
    ours, naive, by_hand, octaves = [], [], [], []
    for _ in range(ROUNDS):
        ours.append(script.execute())
        naive.append(numpy.time("naive"))
        if blas:
            by_hand.append(numpy.time("hand"))
        if octave:
            octaves.append(octave.time(case.OCTAVE))
    flops, hand = script.last.flops, case.flops(**case.BENCH)
    script.close()
    print("| %s | %s | %.4g | %.3f | %s | %s | %s | %s | %s | %s | %s |"
          % (name, " ".join("%s=%d" % x for x in case.BENCH.items()),
             hand / 1e9, flops / hand, milliseconds(ours),
             milliseconds(naive), ratio(ours, naive), milliseconds(octaves),
             ratio(ours, octaves), milliseconds(by_hand),
             ratio(ours, by_hand)), flush=True)
    return flops <= hand * (1 + cases.SLACK)


numpy, octave = NumPy(), None
if not blas:
    print("no SciPy: neither Octave nor the hand-written forms are measured")
elif shutil.which(shlex.split(OCTAVE)[0]):
    octave = Octave(OCTAVE)
else:
    print("no Octave: not measured")
print("""
NumPy %s. Times are medians of %d interleaved rounds, ratios (below 1: we are
faster) medians and extremes of those round by round.

| expression | sizes | GF by hand | flops, ours / by hand | ours, ms | \
NumPy, ms | ratio | Octave, ms | ratio | by hand, ms | ratio |
|---|---|---|---|---|---|---|---|---|---|---|"""
      % (np.__version__, ROUNDS))
names = sys.argv[4:] or cases.names()
within = sum(measure(name, numpy, octave) for name in names)
print("\nNo more flops than by hand: %d of %d expressions." % (within,
                                                               len(names)))
