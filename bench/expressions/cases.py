"""The expressions: NAME.tm as a user would write it, and NAME.py beside it.

NAME.py has

    TEST, BENCH   sizes: two small sets, and one that takes a while
    OCTAVE        the naive form in Octave
    data(random, **sizes)          the inputs, float64
    naive(np, **inputs)            the naive form in NumPy: the outputs
    hand(np, blas, lapack, **inputs)   what an expert would write
    flops(**sizes)                 what hand() takes

Flops are counted as tmrun -v counts them: 2mnk a product, n^2 k a product with
a symmetric result or a triangle, n^2 m a triangular solve, n^3/3 and 2n^3/3 a
Cholesky and an LU factorisation, and 1 for each entry of each entrywise
operation or sum, by which factors of products and copies are nothing.
"""
import importlib.util
import os

FOLDER = os.path.dirname(os.path.abspath(__file__))
# Entrywise operations that take part in no product may differ by so much: of
# a matrix or of its diagonal, of all terms or of those of a tile.
SLACK = 0.01
EPS = 2.0 ** -52


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
