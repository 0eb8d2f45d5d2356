"""The expressions of bench/expressions: results against NumPy, and flops.

Usage: expressions.py TMRUN FOLDER [NAME...], in an empty folder.

Each is run at two sizes, with two tile edges, and with --no-optimise: the
results are those of NumPy up to 1000 n eps, which the condition of these data
needs.  The flops that were executed are never more than those of the form that
an expert would write, bench/expressions/NAME.py; at the size of the measurement
too, of which nothing but the flops is looked at.
"""
import importlib
import re
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("no NumPy")
    sys.exit(77)
try:
    from scipy.linalg import blas, lapack
except ImportError:
    blas = lapack = None

TMRUN, FOLDER = sys.argv[1:3]
sys.dont_write_bytecode = True
sys.path.insert(0, FOLDER)
cases = importlib.import_module("cases")
MOST_ERROR = 1000
PLAIN = "no-optimise" in subprocess.run([TMRUN, "--help"], text=True,
                                        stdout=subprocess.PIPE).stdout
failed = []


def fail(text):
    print("FAIL", text)
    failed.append(text)


def run(case, words):
    """Outputs and flops."""
    done = subprocess.run([TMRUN, "-q", "-v", case.SCRIPT] + words,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)
    if done.returncode:
        fail("%s: %s: %s" % (case.NAME, " ".join(words), done.stderr))
        return None, None
    flops = re.search(r"^tmrun: (\d+) flops", done.stderr, re.M)
    return ({name: np.load(name + ".npy") for name in outputs(case)},
            float(flops.group(1)))


def outputs(case):
    names = []
    for line in open(case.SCRIPT):
        if line.startswith("output "):
            names += line[7:].replace(",", " ").split()
    return names


def compare(case, what, ours, theirs):
    error = cases.error(np, ours, theirs)
    if not error <= MOST_ERROR:
        fail("%s: %s: error of %.3g n eps" % (case.NAME, what, error))


def bind(given):
    for name, x in given.items():
        np.save(name, x)
    return ["%s=%s.npy" % (name, name) for name in given]


def tell(case, sizes, tile, flops, plain_flops=None):
    hand = case.flops(**sizes)
    print("%-24s %-28s tile %3s %12.0f flops, %6.3f of those by hand%s"
          % (case.NAME, " ".join("%s=%d" % x for x in sizes.items()), tile,
             flops, flops / hand,
             ", %6.3f as written" % (plain_flops / hand)
             if plain_flops else ""))
    return flops / hand


def check_large(case):
    words = bind(cases.inputs(np, case, case.BENCH))
    ours, flops = run(case, words)
    return tell(case, case.BENCH, "", flops) if ours else 0


def check(case, sizes, tile):
    given = cases.inputs(np, case, sizes)
    wanted = case.naive(np, **given)
    words = bind(given) + ["--tile", str(tile)]
    if blas:
        compare(case, "hand()", case.hand(np, blas, lapack, **given), wanted)
    plain, plain_flops = None, None
    if PLAIN:
        plain, plain_flops = run(case, words + ["--no-optimise"])
    if plain:
        compare(case, "--no-optimise", plain, wanted)
    ours, flops = run(case, words)
    if not ours:
        return 0
    compare(case, "tile %d" % tile, ours, wanted)
    return tell(case, sizes, tile, flops, plain_flops)


if not PLAIN:
    print("tmrun has no --no-optimise: that comparison is left out")
names = sys.argv[3:] or cases.names()
if not sys.argv[3:] and len(names) != 25:
    fail("%d expressions" % len(names))
above = []
for name in names:
    case = cases.load(name)
    worst = max([check(case, sizes, tile)
                 for sizes, tile in zip(case.TEST, (64, 37))] +
                [check_large(case)])
    if worst > 1 + cases.SLACK:
        above.append(name)
        fail("%s: %.9f times the flops of the hand-written form"
             % (name, worst))
print("flop bound: %d of %d expressions pass; above: %s"
      % (len(names) - len(above), len(names), " ".join(above) or "none"))
for text in failed:
    print("FAIL", text)
sys.exit(bool(failed))
