# bench/compare: measures what it is told to, beside what is there; a second
# call keeps what the first has measured; results that differ are no rival's.
test -n "$PYTHON" || exit 77
test -e "$builddir/.libs/libtilematrix.so" || exit 77
# Python can't load a library with sanitizers in it.
! grep -q '__[at]san_init' "$builddir/.libs/libtilematrix.so" || exit 77
compare=$srcdir/bench/compare/compare.py
failed=0
run() {
    "$PYTHON" "$compare" --threads 2 --rounds 3 --sizes 48 --peers numpy \
        --folder results "$@" >out 2>&1 || { cat out; failed=1; }
}
run gemm chol tasks_chain
run eig file_both start
"$PYTHON" "$compare" nosuch >out 2>&1 && failed=1
grep -q 'no job nosuch; jobs are gemm' out || { cat out; failed=1; }
"$PYTHON" "$compare" --peers matlab gemm >out 2>&1 && failed=1
grep -q 'no peer matlab' out || { cat out; failed=1; }
"$PYTHON" - "$srcdir/bench/compare" <<'END' || failed=1
import json, sys
import xml.etree.ElementTree as xml
import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import compare, jobs

results = json.load(open("results/results.json"))
records = {r["job"]: r for r in results["records"]}
names = ["gemm", "chol", "eig", "start", "file_both", "tasks_chain"]
assert list(records) == names, list(records)
for name, r in records.items():
    tools = ["ours", "numpy"] if name != "tasks_chain" else ["ours"]
    assert list(r["times"]) == tools, (name, r)
    assert all(len(x) == 3 and min(x) > 0 for x in r["times"].values()), r
    assert name == "tasks_chain" or 0 <= r["errors"]["numpy"] < 1e3, r
table = open("results/results.md").read()
assert all("\n| %s | 48 |" % name in table for name in names), table
xml.parse("results/results.svg")

# What each job compares tells a wrong result from a right one.
for job in jobs.JOBS:
    if not job.outputs or job.name == "lstsq" or not job.make(6):
        continue
    given = job.make(6)
    right = {name: np.eye(6) + 0.1 for name in job.outputs}
    if job.name in ("solve", "ridge"):
        right = {"C": np.ones((6, 1))}
    wrong = {name: 2 * x for name, x in right.items()}
    assert compare.difference(job, 6, given, right, right) == 0, job.name
    assert compare.difference(job, 6, given, right, wrong) > compare.WRONG, \
        job.name
END
exit $failed
