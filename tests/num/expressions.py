"""The expressions of bench/expressions: results against NumPy, and flops.

Usage: expressions.py TMRUN FOLDER [NAME...], in an empty folder.

Each is run at two sizes, with two tile edges, and with --no-optimise: the
results are those of NumPy up to 1000 n eps, which the condition of these data
needs.  The flops that were executed are at most those of the form that an
expert would write, bench/expressions/NAME.py, and 1 % for terms of a lower
order (cases.SLACK).
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

# Those that still take more flops than by hand; one that does not any more
# has to be taken off this list.
EXPECTED_ABOVE = []

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


def check(case, sizes, tile):
    given = cases.inputs(np, case, sizes)
    wanted = case.naive(np, **given)
    words = []
    for name, x in given.items():
        np.save(name, x)
        words.append("%s=%s.npy" % (name, name))
    words += ["--tile", str(tile)]
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
    ratio = flops / case.flops(**sizes)
    print("%-24s %-28s tile %3d %12.0f flops, %6.3f of those by hand%s"
          % (case.NAME, " ".join("%s=%d" % x for x in sizes.items()), tile,
             flops, ratio,
             ", %6.3f as written" % (plain_flops / case.flops(**sizes))
             if plain else ""))
    return ratio


if not PLAIN:
    print("tmrun has no --no-optimise: that comparison is left out")
names = sys.argv[3:] or cases.names()
if not sys.argv[3:] and len(names) != 25:
    fail("%d expressions" % len(names))
unknown = set(EXPECTED_ABOVE) - set(cases.names())
if unknown:
    fail("no such expressions: %s" % unknown)
above = []
for name in names:
    case = cases.load(name)
    worst = max(check(case, sizes, tile)
                for sizes, tile in zip(case.TEST, (64, 37)))
    if worst > 1 + cases.SLACK:
        above.append(name)
        if name not in EXPECTED_ABOVE:
            fail("%s: %.3f times the flops of the hand-written form"
                 % (name, worst))
    elif name in EXPECTED_ABOVE:
        fail("%s: no longer above: take it off EXPECTED_ABOVE" % name)
print("flop bound: %d of %d expressions pass; above: %s"
      % (len(names) - len(above), len(names), " ".join(above) or "none"))
for text in failed:
    print("FAIL", text)
sys.exit(bool(failed))
