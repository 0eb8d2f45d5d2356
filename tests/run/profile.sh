# tmrun --profile and --trace beside the plan's own tasks: each one is counted
# once, under its line and kernel, in one thread at a time, and none begins
# before those have ended whose versions it reads.
test -n "$PYTHON" || exit 77
cat >run.tm <<'END_OF_SCRIPT'
param n = 150
input A(m, n)  # "é" \ <tab>	
X = rand(n, n)
S = X * X' + A' * A + n * eye(n)
L = chol(S)
x = ones(n, 1)
for k in 0..3
  x = S * x
  x = x / norm(x)
end
if sum(x) > 0
  print("positive", norm(x) > 0.5)
end
output L
END_OF_SCRIPT
sed '/^if/,/^end/d' run.tm >known.tm # the plan alone says which tasks
cat >fails.tm <<'END_OF_SCRIPT'
A = rand(100, 100)
L = chol(A' + A - 300 * eye(100))
output L
END_OF_SCRIPT
"$PYTHON" - "$TMC" "$TMRUN" <<'END'
import collections, json, os, re, subprocess, sys
import numpy as np

tmc, tmrun = sys.argv[1:]
failed = 0
np.save("A.npy", np.random.default_rng(1).random((170, 150)))


def wrong(*what):
    global failed
    failed = 1
    print(*what)


def run(*words, status=0):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != status:
        wrong(words, done.returncode, done.stderr)
    return done


def trace_of(name):
    """The slices of each track, in order; they do not overlap."""
    tracks = collections.defaultdict(list)
    names = {}
    with open(name) as file:
        for event in json.load(file)["traceEvents"]:
            if event["ph"] == "M" and event["name"] == "thread_name":
                names[event["tid"]] = event["args"]["name"]
            elif event["ph"] == "X":
                begin = round(1000 * event["ts"])
                tracks[event["tid"]].append(
                    (begin, begin + round(1000 * event["dur"]), event))
    for track, slices in tracks.items():
        for one, two in zip(slices, slices[1:]):
            if one[1] > two[0]:
                wrong("track", track, "overlaps", one, two)
    return tracks, names


def profile_of(script, *words, status=0):
    done = run(tmrun, "-q", "--profile=json", "--trace=trace.json", script,
               *words, status=status)
    profile = json.loads(done.stderr.splitlines()[0])
    rows = profile["rows"]
    for thread in profile["threads"]:
        states = sum(seconds for key, seconds in thread.items()
                     if key not in ("seconds", "worker"))
        if abs(states - thread["seconds"]) > 1e-7:
            wrong(script, "a thread's time", thread)
    work = sum(thread["work"] for thread in profile["threads"])
    if abs(work - sum(row["seconds"] for row in rows)) > 1e-7:
        wrong(script, "the rows take", rows, "and the threads", work)
    if profile["tasks"] != sum(row["tasks"] for row in rows
                               if row["kind"] == "task"):
        wrong(script, profile["tasks"], "tasks, but", rows)
    tracks, names = trace_of("trace.json")
    jobs = [event for slices in tracks.values() for event in slices
            if "args" in event[2]]
    for key in "line", "kernel":
        counted = collections.Counter()
        for row in rows:
            counted[row[key]] += row["tasks"]
        traced = collections.Counter(
            event["name"] if key == "kernel" else event["args"]["line"]
            for _, _, event in jobs)
        if counted != traced:
            wrong(script, key, counted, traced)
    text = open(script).read().splitlines()
    for row in rows:
        if row["text"] != text[row["line"] - 1].strip(" \t"):
            if row["text"] != text[row["line"] - 1]:
                wrong(script, row, text[row["line"] - 1])
    return profile, jobs, names


# The tasks of the plan.
sizes = ["--tile=32"]
for threads in 1, 2, 3:
    profile, jobs, names = profile_of("known.tm", "A=A.npy", *sizes,
                                      "--threads=%d" % threads)
    if list(names.values()) != ["run", *("thread %d" % (k + 1) for k in
                                         range(threads)), "plan"]:
        wrong(names)
    listed = run(tmc, "--emit=tasks", "known.tm", "-Dm=170",
                 *sizes).stdout.splitlines()
    tasks = {event["args"]["task"]: (begin, end, event)
             for begin, end, event in jobs
             if event["cat"] in ("task", "output")}
    if sorted(tasks) != list(range(1, len(listed) + 1)):
        wrong(len(listed), "tasks, traced:", len(tasks))
        break
    counts = collections.Counter()
    for number, line in enumerate(listed, 1):
        begin, end, event = tasks[number]
        word = re.match(r"\d+: (?:.* = )?(\w+)[\[(]", line)
        at = re.search(r"# line (\d+)$", line)
        if word[1] != event["name"] or int(at[1]) != event["args"]["line"]:
            wrong(line, event)
        counts[int(at[1]), word[1]] += 1
        written = re.match(r"\d+: (\w+\[\d+,\d+\]) = ", line)
        if written and event["args"]["tiles"][0] != written[1]:
            wrong(line, event)
        for writer in re.findall(r"@(\d+)", line):
            if tasks[int(writer)][1] > begin:
                wrong(line, "began before", writer, "had ended")
    rows = {(row["line"], row["kernel"]): row["tasks"]
            for row in profile["rows"] if row["kind"] == "task"}
    if rows != counts:
        wrong(rows, counts)
    loads = {row["line"]: (row["kind"], row["kernel"], row["tasks"],
                           row["bytes"])
             for row in profile["rows"] if row["kind"] != "task"}
    if loads[2] != ("load", "load", 30, 170 * 150 * 8) or \
            loads[3] != ("source", "rand", 25, 150 * 150 * 8):
        wrong(loads)

# The threads of worker processes are in it too, and did each task once.
of_threads = profile
profile, jobs, names = profile_of("known.tm", "A=A.npy", *sizes,
                                  "--workers=2", "--threads=1")
if list(names.values()) != ["run", "thread 0.1", "thread 1.1", "plan"] or \
        [thread["worker"] for thread in profile["threads"]] != [0, 1]:
    wrong(names, profile["threads"])
if sorted(event["args"]["task"] for _, _, event in jobs
          if event["cat"] in ("task", "output")) != sorted(tasks):
    wrong("workers have not traced each task once")
for row in of_threads["rows"]:
    same = [other for other in profile["rows"]
            if other["kind"] == row["kind"] == "task" and
            (other["line"], other["kernel"]) == (row["line"], row["kernel"])]
    if row["kind"] == "task" and \
            [(x["tasks"], x["flops"]) for x in same] != \
            [(row["tasks"], row["flops"])]:
        wrong(row, "is with workers", same)
profile = of_threads

# Flops as tmc counts them, a line at a time.
with open("explained", "w") as file:
    file.write(run(tmc, "--explain", "-Wno-all", "known.tm", "-Dm=170",
                   *sizes).stdout)
total = re.search(r"total: ([\d.]+) (\w)flop, .*: (\d+) tasks",
                  open("explained").read())
scale = {"k": 1e3, "M": 1e6, "G": 1e9}[total[2]]
if abs(float(total[1]) * scale - profile["flops"]) > 1e-3 * profile["flops"] \
        or int(total[3]) != profile["tasks"]:
    wrong(total[0], profile["flops"], profile["tasks"])

# A test on data: the plan waits, and that has a track.
profile, jobs, _ = profile_of("run.tm", "A=A.npy", *sizes)
tracks, names = trace_of("trace.json")
plan = [track for track, name in names.items() if name == "plan"][0]
if [event["name"] for _, _, event in tracks[plan]] not in (
        [], ["wait for a computed number"]):  # unless it was there at once
    wrong(tracks[plan])
if not profile["number_waits"] >= 0:
    wrong(profile)

# A run that fails has a profile too, of what was done; one that has not
# begun leaves no file.
profile, jobs, _ = profile_of("fails.tm", "--tile=32", status=1)
if not any(row["kernel"] == "potrf" for row in profile["rows"]):
    wrong(profile)
os.remove("trace.json")
run(tmrun, "--trace=trace.json", "run.tm", status=2)
if os.path.exists("trace.json"):
    wrong("a trace of nothing")

# The table has the same rows.
text = run(tmrun, "-q", "--profile", "known.tm", "A=A.npy", *sizes).stderr
for line, kernel, count in [(4, "gemm", None), (5, "potrf", 5),
                            (2, "load", 30)]:
    if not re.search(r"^(?: +%d)? +%s +%s +\d" % (line, kernel, count or
                                                  r"\d+"), text, re.M):
        wrong(kernel, "is not in", text)
if "L = chol(S)" not in text or "waiting" not in text:
    wrong(text)

# Nothing of the run is replaced.
before = open("A.npy", "rb").read()
for words in (["--trace=A.npy"], ["--trace=L.npy"],
              ["--trace=new.npy", "L=new.npy"], ["--trace="],
              ["--profile=xml"]):
    done = run(tmrun, "known.tm", "A=A.npy", *words, status=2)
    if "trace" not in done.stderr and "text or json" not in done.stderr:
        wrong(words, done.stderr)
done = run(tmrun, "known.tm", "A=A.npy", "--trace=no/trace.json", status=6)
if "cannot write no/trace.json" not in done.stderr:
    wrong(done.stderr)
if open("A.npy", "rb").read() != before or os.path.exists("new.npy"):
    wrong("a file was replaced")
sys.exit(failed)
END
