"""The expressions: NAME.tm as a user would write it, and NAME.py beside it.

NAME.py has

    TEST, BENCH   sizes: two small sets, and one that takes a while
    OCTAVE        the naive form in Octave
    data(random, **sizes)          the inputs, float64
    naive(np, **inputs)            the naive form in NumPy: the outputs
    hand(np, blas, lapack, **inputs)   what an expert would write
    flops(**sizes)                 what hand() takes

Flops are counted as tmrun -v counts them: each addition, multiplication,
division, root, function or comparison of two numbers is one, copies are
nothing.  What LAPACK's routines and BLAS's take is in the functions below, by
LAPACK Working Note 41.
"""
import importlib.util
import os

FOLDER = os.path.dirname(os.path.abspath(__file__))
SLACK = 1e-9  # counts of thirds are rounded
EPS = 2.0 ** -52


def gemm(m, n, k):
    """And gemv, and ger, with alpha and beta of 0, 1 or -1: others multiply each
    entry of what they stand before."""
    return 2 * m * n * k


def syrk(n, k):
    """One half of n x n, with the diagonal."""
    return n * (n + 1) * k


def trsm(n, m):
    """And trmm: a triangle of n, and m columns."""
    return n * n * m


def potrf(n):
    return n**3 / 3 + n**2 / 2 + n / 6


def potrs(n, m):
    return 2 * trsm(n, m)


def getrf(n):
    return 2 * n**3 / 3 - n**2 / 2 - n / 6


def getrs(n, m):
    """The lower triangle has ones on its diagonal."""
    return n * (n - 1) * m + trsm(n, m)


def dot(n):
    return 2 * n - 1


def nrm2(n):
    return 2 * n


def names():
    return sorted(file[:-3] for file in os.listdir(FOLDER)
                  if file.endswith(".tm"))


def load(name):
    path = os.path.join(FOLDER, name + ".py")
    spec = importlib.util.spec_from_file_location("case_" + name, path)
    case = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(case)
    case.NAME = name
    case.SCRIPT = os.path.join(FOLDER, name + ".tm")
    return case


def inputs(np, case, sizes, seed=1):
    made = case.data(np.random.default_rng(seed), **sizes)
    return {name: np.asfortranarray(x) for name, x in made.items()}


def error(np, ours, theirs):
    """The largest relative error of outputs, in units of n eps."""
    worst = 0
    for name, wanted in theirs.items():
        wanted = np.asarray(wanted)
        got = np.asarray(ours[name]).reshape(wanted.shape)
        scale = np.linalg.norm(wanted) * max(8, max(wanted.shape, default=1))
        worst = max(worst, np.linalg.norm(got - wanted) / (EPS * scale))
    return worst
