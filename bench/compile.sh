# How long tmc takes for a script of 5,000 lines (bench/script.py), and for
# some of a tenth and of a hundredth of them: from exec to exit.  The goal is
# less than 0.3 s.
test -n "${PYTHON:-}" || { echo "compile.sh: no Python, not measured"; exit 0; }
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT
for lines in 50 500 5000; do
    "$PYTHON" "$srcdir/bench/script.py" $lines >$lines.tm || exit 1
done
exec 3<<'PROGRAM'
import os, statistics, subprocess, sys, time

for lines in 50, 500, 5000:
    times, used = [], []
    for k in range(8):
        before, start = os.times(), time.perf_counter()
        subprocess.run([sys.argv[1], "%d.tm" % lines, "-o", "out.plan"],
                       check=True, stderr=subprocess.DEVNULL)
        took, after = time.perf_counter() - start, os.times()
        if k:  # the first is cold
            times.append(took)
            used.append(after.children_user - before.children_user +
                        after.children_system - before.children_system)
    print("%5d lines: %7.1f ms, best %.1f; %.0f ms of processor time"
          % (lines, 1e3 * statistics.median(times), 1e3 * min(times),
             1e3 * statistics.median(used)))
PROGRAM
"$PYTHON" /dev/fd/3 "$TMC"
