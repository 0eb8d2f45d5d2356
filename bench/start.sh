# From exec to exit, in milliseconds: tmrun on the plan of the first example
# and on its script, tmc on that script and on one that does nothing.
test -n "${PYTHON:-}" || { echo "start.sh: no Python, not measured"; exit 0; }
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cp "$srcdir/examples/multiply.tm" "$scratch"
cd "$scratch" || exit 1
echo "x = 1" >nothing.tm
"$TMC" multiply.tm || exit 1
exec 3<<'PROGRAM'
import os, statistics, sys, time

tmc, tmrun = sys.argv[1:3]
jobs = [
    ("tmrun multiply.plan", [tmrun, "multiply.plan", "-q"]),
    ("tmrun multiply.tm", [tmrun, "multiply.tm", "-q"]),
    ("tmc multiply.tm", [tmc, "multiply.tm", "-o", "again.plan"]),
    ("tmc nothing.tm", [tmc, "nothing.tm", "-o", "again.plan"]),
]
quiet = os.open(os.devnull, os.O_RDWR)
actions = [(os.POSIX_SPAWN_DUP2, quiet, fd) for fd in (0, 1, 2)]


def milliseconds(command):
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ,
                         file_actions=actions)
    status = os.waitpid(pid, 0)[1]
    if status:
        sys.exit("%s: status %d" % (" ".join(command), status))
    return (time.perf_counter() - start) * 1e3


times = {name: [] for name, command in jobs}
for k in range(31):
    for name, command in jobs:
        took = milliseconds(command)
        if k:  # the first is cold
            times[name].append(took)
print("%-24s %10s %10s" % ("30 times", "median", "best"))
for name, command in jobs:
    print("%-24s %7.1f ms %7.1f ms"
          % (name, statistics.median(times[name]), min(times[name])))
PROGRAM
"$PYTHON" /dev/fd/3 "$TMC" "$TMRUN"
