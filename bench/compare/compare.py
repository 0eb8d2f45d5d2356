"""Usage: compare.py [OPTION]... [JOB]...

Measures jobs (jobs.py) with Tilematrix and with its peers, each round one run
of each, and writes FOLDER/results.json, results.md and results.svg.  Results
that are there already stay, but for the jobs that are measured now: so the
whole can be done in parts.  docs/benchmarks.md says how to repeat it."""
import argparse
import json
import math
import os
import platform
import re
import select
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
import jobs  # noqa: E402

PEERS = ["numpy", "numpy+fsync", "scipy", "octave", "dask", "openmp", "starpu",
         "scalapack"]
PROGRAMS = {  # in C: source, what compiles it
    "openmp": ("openmp.c", "-fopenmp", "-lopenblas"),
    "starpu": ("starpu.c", "", "-lstarpu-1.3 -lopenblas"),
    "scalapack": ("scalapack.c", "", "-lscalapack-openmpi -lopenblas"),
}
SETTLE = 0.1  # seconds in which threads of the last tool go to sleep
WRONG = 1e6   # n eps: results that differ by more are not the same job's


def options():
    get = os.environ.get
    parser = argparse.ArgumentParser(
        prog="compare.py", description="Tilematrix beside its peers.")
    add = parser.add_argument
    add("jobs", nargs="*", metavar="JOB",
        default=get("BENCH_JOBS", "").split(),
        help="of %s (default: all)" % " ".join(x.name for x in jobs.JOBS))
    add("--sizes", default=get("BENCH_SIZES", ""), help="as in '1000 2000'")
    add("--rounds", type=int, default=int(get("BENCH_ROUNDS", "7")))
    add("--peers", default=get("BENCH_PEERS", " ".join(PEERS)))
    add("--threads", type=int,
        default=int(get("BENCH_THREADS", len(os.sched_getaffinity(0)))))
    add("--limit", type=float, default=float(get("BENCH_LIMIT", "0")),
        help="seconds for one job and size: slow peers get fewer rounds, "
             "or none (default: as long as it takes)")
    add("--folder", default=get("BENCH_FOLDER", "bench-results"))
    add("--build", default=get("builddir", "."),
        help="where libtilematrix.so and tmrun are built")
    add("--table", action="store_true", help="measure nothing, write "
        "results.md and results.svg again")
    return parser.parse_args()


class Skip(Exception):
    """Why a peer is not measured."""


class Machine:
    """How tools are started here.  Paths come from BENCH_... variables; what
    is installed as packages needs none."""

    def __init__(self, o):
        get = os.environ.get
        self.threads, self.build = o.threads, os.path.abspath(o.build)
        self.work = tempfile.mkdtemp(prefix="bench-", dir=get("TMPDIR"))
        self.python = shlex.split(get("BENCH_PYTHON", sys.executable))
        self.octave = shlex.split(get("BENCH_OCTAVE", "octave"))
        self.cc = shlex.split(get("BENCH_CC", "cc"))
        self.mpicc = shlex.split(get("BENCH_MPICC", "mpicc"))
        self.mpirun = shlex.split(get("BENCH_MPIRUN", "mpirun"))
        self.cflags = shlex.split(get("BENCH_CFLAGS", ""))
        self.ldflags = shlex.split(get("BENCH_LDFLAGS", ""))
        self.library_path = get("BENCH_LIBRARY_PATH", "")
        self.python_path = get("BENCH_PYTHONPATH", "")
        self.built = {}

    def environment(self, tool):
        own = ("OPENBLAS_", "BLIS_", "OMP_", "GOTO_", "MKL_")
        env = {k: v for k, v in os.environ.items() if not k.startswith(own)}
        if tool == "ours":
            env["TM_LIBRARY"] = self.library()
            return env
        one = tool in ("openmp", "starpu", "scalapack", "dask")
        count = str(self.threads)
        env.update(OPENBLAS_NUM_THREADS="1" if one else count,
                   BLIS_NUM_THREADS="1" if one else count,
                   OMP_NUM_THREADS=count if tool == "openmp" else "1",
                   STARPU_NCPU=count, STARPU_SILENT="1",
                   STARPU_HOME=self.work, PYTHONDONTWRITEBYTECODE="1",
                   OMPI_ALLOW_RUN_AS_ROOT="1",
                   OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
        for name, more in (("LD_LIBRARY_PATH", self.library_path),
                           ("PYTHONPATH", self.python_path)):
            env[name] = ":".join(filter(None, (more, env.get(name))))
        if not one:
            del env["OMP_NUM_THREADS"]
        return env

    def library(self):
        for folder in ".libs", "lib", ".":
            path = os.path.join(self.build, folder, "libtilematrix.so")
            if os.path.exists(path):
                return path
        raise SystemExit("there is no libtilematrix.so in " + self.build)

    def tmrun(self):
        path = os.path.join(self.build, ".libs", "tmrun")
        return path if os.path.exists(path) else os.path.join(self.build,
                                                              "tmrun")

    def program(self, tool):
        """A peer in C, compiled."""
        if tool in self.built:
            path = self.built[tool]
        else:
            source, flags, libraries = PROGRAMS[tool]
            if tool == "starpu":
                flags = pkg_config("--cflags", "starpu-1.3")
            path = os.path.join(self.work, tool)
            command = (self.mpicc if tool == "scalapack" else self.cc)
            command = command + ["-O2", *shlex.split(flags), *self.cflags,
                                 os.path.join(HERE, source), "-o", path,
                                 *self.ldflags, *shlex.split(libraries), "-lm"]
            try:
                done = subprocess.run(command, capture_output=True, text=True)
                if done.returncode:
                    path = Skip("it does not compile: " +
                                done.stderr.strip().splitlines()[-1])
            except OSError as error:
                path = Skip(str(error))
            self.built[tool] = path
        if isinstance(path, Skip):
            raise path
        return path


def pkg_config(*words):
    try:
        return subprocess.run(["pkg-config", *words], text=True,
                              capture_output=True).stdout.strip()
    except OSError:
        return ""


# ---- tools -----------------------------------------------------------------


class Process:
    """A tool that waits for its lines."""

    def __init__(self, machine, tool, command):
        self.tool = tool
        self.errors = tempfile.TemporaryFile("w+")
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=self.errors, cwd=machine.work,
                env=machine.environment(tool), bufsize=0)
        except OSError as error:
            raise Skip(str(error))

    def line(self, limit):
        """One line, or Skip: it ended, or takes longer than the limit."""
        text = b""
        end = time.monotonic() + limit if limit else None
        while not text.endswith(b"\n"):
            wait = max(0, end - time.monotonic()) if end else None
            if not select.select([self.process.stdout], [], [], wait)[0]:
                raise Skip("takes longer than %.0f s" % limit)
            byte = os.read(self.process.stdout.fileno(), 1)
            if not byte:
                self.errors.seek(0)
                said = self.errors.read().strip().splitlines()
                raise Skip("it ended: " + (said[-1] if said else "without a "
                                           "word"))
            text += byte
        return text.decode().strip()

    def tell(self, text, limit=0):
        try:
            self.process.stdin.write((text + "\n").encode())
        except OSError:
            pass
        return self.line(limit)

    def run(self, limit=0):
        return float(self.tell("run", limit))

    def about(self):
        return self.tell("about")

    def close(self):
        """By kind words, then by force; this process only."""
        try:
            self.process.stdin.close()
            self.process.wait(3)
        except (OSError, subprocess.TimeoutExpired):
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.errors.close()


class Python(Process):
    def __init__(self, machine, tool, job, n, given):
        super().__init__(machine, tool,
                         [*machine.python, os.path.join(HERE, "tool.py"),
                          tool, job.name, str(n), machine.work,
                          str(machine.threads), ",".join(given)])
        self.job, self.work = job, machine.work
        if self.line(120) != "ready":
            raise Skip("it is not ready")

    def result(self):
        self.tell("save")
        out = {}
        for name in self.job.outputs:
            path = os.path.join(self.work, "%s.%s.npy" % (self.tool, name))
            if os.path.exists(path):
                out[name] = np.load(path)
                os.remove(path)
        return out


class Octave(Process):
    def __init__(self, machine, tool, job, n, given):
        super().__init__(machine, tool,
                         [*machine.octave, "--no-gui", "--no-init-file",
                          "--quiet"])
        self.job, self.work = job, machine.work
        self.process.stdin.write((octave_load(given) + "1;\n").encode())
        self.version = self.tell("disp(version())", 60)

    def about(self):
        return self.version

    def run(self, limit=0):
        names = " ".join(self.job.outputs)
        return float(self.tell(
            "clear %s\nstarted = tic;\n%s\n"
            "printf('%%.9f\\n', toc(started)); fflush(stdout);"
            % (names, self.job.peers["octave"]), limit))

    def result(self):
        out = {}
        for name in self.job.outputs:
            shape = self.tell(
                "file = fopen('octave.raw', 'w'); fwrite(file, %s, 'double');"
                " fclose(file); printf('%%d %%d\\n', size(%s));"
                " fflush(stdout);" % (name, name))
            path = os.path.join(self.work, "octave.raw")
            out[name] = np.fromfile(path).reshape(
                tuple(map(int, shape.split())), order="F")
        return out


def octave_load(given):
    return "".join("file = fopen('%s.raw'); %s = fread(file, [%d %d], "
                   "'double'); fclose(file);\n" % (name, name, *x.shape)
                   for name, x in given.items())


class Program(Process):
    def __init__(self, machine, tool, job, n, given):
        path = machine.program(tool)
        command = [path]
        tile = job.peer_tile
        if tool == "scalapack":
            command = [*machine.mpirun, "-np", str(machine.threads),
                       "--oversubscribe", path]
            tile = 64
        does = job.peers[tool] if job.peers[tool] is not True else job.name
        self.n = n
        self.raw = os.path.join(machine.work, tool + ".raw")
        super().__init__(machine, tool,
                         [*command, does, str(n), str(tile if given else 0),
                          self.raw, *(os.path.join(machine.work, name + ".raw")
                                      for name, x in given.items()
                                      if x.shape == (n, n))])
        if self.line(120) != "ready":
            raise Skip("it is not ready")

    def result(self):
        self.tell("save")
        C = np.fromfile(self.raw).reshape((self.n, self.n), order="F")
        os.remove(self.raw)
        return {"C": C}

    def about(self):
        return ""


class Whole:
    """A whole process each time, from its start to its end."""

    def __init__(self, machine, tool, job, n, given):
        self.machine, self.tool, self.job, self.n = machine, tool, job, n
        work = machine.work
        self.env = machine.environment(tool)
        self.path = os.path.join(work, tool + ".C.npy")
        text = job.peers.get(tool)
        if tool == "ours":
            with open(os.path.join(work, "job.tm"), "w") as file:
                file.write("".join("input %s(r%s, c%s)\n" % (x, x, x)
                                   for x in given) + job.script +
                           "\noutput C\n")
            self.command = [machine.tmrun(), "-q", "job.tm", "C=" + self.path,
                            "--threads=%d" % machine.threads,
                            *(x + "=" + x + ".npy" for x in given)]
            if job.tile:
                self.command.append("--tile=%d" % job.tile)
            if not given:
                self.command.append("-Dn=%d" % n)
        elif tool in PROGRAMS:
            self.path = os.path.join(work, tool + ".raw")
            self.command = [machine.program(tool), text, str(n),
                            str(job.peer_tile), "once:" + self.path,
                            *(x + ".raw" for x in given)]
        elif tool == "octave":
            self.path = os.path.join(work, "octave.raw")
            self.command = [*machine.octave, "--no-gui", "--no-init-file",
                            "--quiet", "--eval",
                            "n = %d; %s %s file = fopen('octave.raw', 'w'); "
                            "fwrite(file, C, 'double'); fclose(file);"
                            % (n, octave_load(given), text)]
        else:
            self.env.update(TEXT=text, TILE=str(job.dask_tile or 0))
            self.command = [*machine.python, os.path.join(HERE, "tool.py"),
                            tool, job.name, str(n), work,
                            str(machine.threads), ",".join(given), "once"]

    def run(self, limit=0):
        if os.path.exists(self.path):
            os.remove(self.path)
        start = time.perf_counter()
        try:
            done = subprocess.run(self.command, env=self.env, text=True,
                                  cwd=self.machine.work, capture_output=True,
                                  timeout=limit or None)
        except subprocess.TimeoutExpired:
            raise Skip("takes longer than %.0f s" % limit)
        except OSError as error:
            raise Skip(str(error))
        seconds = time.perf_counter() - start
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise Skip("it failed: " + (said[-1] if said else "?"))
        return seconds

    def result(self):
        if self.path.endswith(".npy"):
            return {"C": np.load(self.path)}
        C = np.fromfile(self.path)
        return {"C": C.reshape((self.n, -1), order="F") if C.size > 1 else C}

    def about(self):
        return ""

    def close(self):
        pass


def open_tool(machine, tool, job, n, given):
    if job.whole:
        kind = Whole
    elif tool == "octave":
        kind = Octave
    else:
        kind = Program if tool in PROGRAMS else Python
    return kind(machine, tool, job, n, given)


# ---- measuring -------------------------------------------------------------


def difference(job, n, given, ours, theirs):
    """Of what must agree, in units of n eps."""
    a = np.asarray(job.compare(given, ours)).ravel(order="F")
    b = np.asarray(job.compare(given, theirs)).ravel(order="F")
    if a.size != b.size:
        return math.inf
    scale = np.linalg.norm(b) * max(n, 8) * 2.0 ** -52
    return float(np.linalg.norm(a - b) / scale) if scale else 0.0


def write_inputs(machine, given):
    for name, x in given.items():
        np.save(os.path.join(machine.work, name + ".npy"), x)
        x.ravel(order="F").tofile(os.path.join(machine.work, name + ".raw"))


def memory_free():
    with open("/proc/meminfo") as file:
        kib = re.search(r"MemAvailable: +(\d+)", file.read())[1]
    return int(kib) * 1024


def open_all(machine, job, n, given, wanted, limit):
    """Tools that are ready and warm, with their first results compared."""
    tools, skipped, errors, first, mine = {}, {}, {}, {}, None
    for tool in ["ours", *(p for p in wanted if p in job.peers)]:
        x = None
        try:
            x = open_tool(machine, tool, job, n, given)
            first[tool] = x.run(limit)
            if job.outputs:
                result = x.result()
                if tool == "ours":
                    mine = result
                else:
                    errors[tool] = difference(job, n, given, mine, result)
                    if not errors[tool] < WRONG:
                        raise Skip("another result: %.2g n eps" % errors[tool])
            tools[tool] = x
        except Skip as why:
            if x:
                x.close()
            if tool == "ours":
                raise
            skipped[tool] = str(why)
    return tools, skipped, errors, first


def measure(machine, job, n, o, wanted):
    begun = time.monotonic()
    given = job.make(n)
    write_inputs(machine, given)
    limit = o.limit / 3 if o.limit else 0
    tools, skipped, errors, first = open_all(machine, job, n, given, wanted,
                                             limit)
    about = {tool: x.about() for tool, x in tools.items()}
    # What remains of the limit, in equal parts: who is slow has fewer rounds.
    rounds = {tool: o.rounds for tool in tools}
    if o.limit:
        part = max(0, o.limit - (time.monotonic() - begun)) / len(tools)
        for tool in tools:
            fit = int(part / (first[tool] + SETTLE))
            rounds[tool] = max(1, min(o.rounds, fit))
        rounds["ours"] = max(rounds.values())
    times = {tool: [] for tool in tools}
    for k in range(o.rounds):
        for tool, x in tools.items():
            if k < rounds[tool]:
                time.sleep(SETTLE)
                times[tool].append(x.run())
    for x in tools.values():
        x.close()
    return {"job": job.name, "n": n, "threads": machine.threads,
            "times": times, "skipped": skipped, "errors": errors,
            "about": about,
            "flops": job.flops(n) if job.flops else None,
            "tasks": job.tasks(n) if job.tasks else None,
            "when": time.strftime("%Y-%m-%d %H:%M")}


# ---- what comes out --------------------------------------------------------


def ratio_of(record, tool):
    pairs = list(zip(record["times"]["ours"], record["times"][tool]))
    ratios = [a / b for a, b in pairs]
    return statistics.median(ratios), min(ratios), max(ratios)


def show_time(record, tool):
    times = record["times"][tool]
    if record["tasks"]:
        return "%.3g us" % (statistics.median(times) / record["tasks"] * 1e6)
    ms = 1e3 * statistics.median(times)
    return "%.2f ms" % ms if ms < 100 else "%.0f ms" % ms


def cell(record, tool):
    if tool not in record["times"]:
        return "-"
    middle, low, high = ratio_of(record, tool)
    few = len(record["times"][tool])
    return "%s %.2f (%.2f-%.2f)%s" % (
        show_time(record, tool), middle, low, high,
        "" if few >= 7 else " %dx" % few)


def own_cell(record):
    times = record["times"]["ours"]
    scale = 1e6 / record["tasks"] if record["tasks"] else 1e3
    return "%s (%.3g-%.3g)" % (show_time(record, "ours"), scale * min(times),
                               scale * max(times))


def metg(records, tool):
    """The time of a task, times threads, at which half of the best rate of
    numbers is left, in seconds; and the share of it that each n reaches."""
    curve = []
    for r in sorted(records, key=lambda r: r["n"]):
        if tool in r["times"]:
            each = statistics.median(r["times"][tool]) / r["tasks"]
            curve.append((r["n"], each * r["threads"], r["n"] / each))
    best = max(rate for n, grain, rate in curve)
    shares = [(n, rate / best) for n, grain, rate in curve]
    for (n, a, x), (m, b, y) in zip(curve, curve[1:]):
        x, y = x / best, y / best
        if x < 0.5 <= y:
            return a * (b / a) ** ((0.5 - x) / (y - x)), shares
    return None, shares


def metg_lines(results):
    """Of the stencil: a line a tool."""
    records = [r for r in results["records"] if r["job"] == "stencil"]
    tools = ["ours", *(p for p in PEERS
                       if any(p in r["times"] for r in records))]
    if not records:
        return []
    lines = ["", "METG(50 %), of `stencil`: how long a task must be, times "
             "threads, that half of the", "tool's best rate is left; behind "
             "it the share of that rate for each n.", ""]
    for tool in tools:
        grain, shares = metg(records, tool)
        lines.append("- %s: %s; %s" % (
            tool, "%.3g us" % (1e6 * grain) if grain else "not met",
            ", ".join("%d: %.0f %%" % (n, 100 * x) for n, x in shares)))
    return lines


def write_table(results, path):
    tools = [p for p in PEERS
             if any(p in r["times"] for r in results["records"])]
    lines = ["Times are medians; behind each peer's stands our time divided "
             "by it (below 1: we are", "faster): the median of the rounds' "
             "ratios, and their extremes. Times of tasks are for each.",
             "With `3x` there were 3 rounds, not %d." % results["rounds"], "",
             *("- %s: %s" % x for x in results["machine"].items()), "",
             "| job | n | ours | GF/s | " + " | ".join(tools) + " |",
             "|---|---|---|---" + "|---" * len(tools) + "|"]
    for r in results["records"]:
        ours = statistics.median(r["times"]["ours"])
        lines.append("| %s | %d | %s | %s | %s |" % (
            r["job"], r["n"], own_cell(r),
            "%.1f" % (r["flops"] / ours / 1e9) if r["flops"] else "",
            " | ".join(cell(r, tool) for tool in tools)))
    lines += metg_lines(results)
    absent = sorted({"%s, %s n = %d: %s" % (tool, r["job"], r["n"], why)
                     for r in results["records"]
                     for tool, why in r["skipped"].items()})
    if absent:
        lines += ["", "Not measured:", "", *("- " + x for x in absent)]
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


COLOURS = {"numpy": "#4477aa", "numpy+fsync": "#88aadd", "scipy": "#66ccee",
           "octave": "#228833", "dask": "#ccbb44", "openmp": "#ee6677",
           "starpu": "#aa3377", "scalapack": "#777777"}


def write_picture(results, path):
    """Ratios as dots on a logarithmic axis, a row for each job and size."""
    records = results["records"]
    left, width, step, top = 190, 620, 18, 46
    low, high = 0.02, 20.0
    height = top + step * len(records) + 20

    def at(x):
        x = min(max(x, low), high)
        return left + width * math.log(x / low) / math.log(high / low)

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'font-family="sans-serif" font-size="11">'
           % (left + width + 20, height),
           '<rect width="100%" height="100%" fill="white"/>']
    x = left
    for tool in PEERS:
        if any(tool in r["times"] for r in records):
            out.append('<circle cx="%d" cy="12" r="4" fill="%s"/><text x="%d"'
                       ' y="16">%s</text>' % (x, COLOURS[tool], x + 7, tool))
            x += 22 + 7 * len(tool)
    for tick in 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20:
        out.append('<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s"/>'
                   '<text x="%.1f" y="%d" text-anchor="middle">%g</text>'
                   % (at(tick), top - 10, at(tick), height - 16,
                      "black" if tick == 1 else "#dddddd", at(tick), top - 14,
                      tick))
    for k, r in enumerate(records):
        y = top + step * k + 4
        out.append('<text x="%d" y="%d" text-anchor="end">%s %d</text>'
                   % (left - 12, y + 4, r["job"], r["n"]))
        for tool in PEERS:
            if tool not in r["times"]:
                continue
            middle, least, most = ratio_of(r, tool)
            out.append('<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s"'
                       '/><circle cx="%.1f" cy="%d" r="4" fill="%s"><title>'
                       '%s %d, ours / %s: %.2f</title></circle>'
                       % (at(least), y, at(most), y, COLOURS[tool],
                          at(middle), y, COLOURS[tool], r["job"], r["n"],
                          tool, middle))
    out.append('<text x="%d" y="%d" text-anchor="middle">our time / theirs: '
               'left of 1 we are faster</text></svg>'
               % (left + width // 2, height - 3))
    with open(path, "w") as file:
        file.write("\n".join(out) + "\n")


def describe(machine):
    """What a reader needs to compare."""
    with open("/proc/cpuinfo") as file:
        cpu = re.search(r"model name\s*: (.*)", file.read())
    done = subprocess.run([machine.tmrun(), "--version", "-v"], text=True,
                          capture_output=True, env=machine.environment("ours"))
    return {"processor": cpu[1] if cpu else platform.processor(),
            "threads": machine.threads, "system": platform.platform(),
            "ours": "; ".join(done.stdout.split("\n")).strip("; ")}


def save(results, folder):
    os.makedirs(folder, exist_ok=True)
    order = [job.name for job in jobs.JOBS]
    results["records"].sort(key=lambda r: (order.index(r["job"]), r["n"]))
    path = os.path.join(folder, "results.json")
    with open(path + ".new", "w") as file:
        json.dump(results, file, indent=1)
    os.rename(path + ".new", path)
    write_table(results, os.path.join(folder, "results.md"))
    write_picture(results, os.path.join(folder, "results.svg"))


def main():
    o = options()
    known = {job.name: job for job in jobs.JOBS}
    for name in o.jobs:
        if name not in known:
            sys.exit("compare.py: there is no job %s; jobs are %s"
                     % (name, " ".join(known)))
    for name in o.peers.split():
        if name not in PEERS:
            sys.exit("compare.py: there is no peer %s; peers are %s"
                     % (name, " ".join(PEERS)))
    results = {"records": []}
    path = os.path.join(o.folder, "results.json")
    if os.path.exists(path):
        with open(path) as file:
            results = json.load(file)
    if o.table:
        save(results, o.folder)
        return
    machine = Machine(o)
    results.update(rounds=o.rounds, machine={**results.get("machine", {}),
                                             **describe(machine)})
    sizes = [int(n) for n in o.sizes.replace(",", " ").split()]
    failed = 0
    try:
        for job in [known[name] for name in o.jobs or known]:
            for n in sizes or job.sizes:
                wanted = [p for p in o.peers.split() if p in job.peers]
                tools = 1 if job.whole else 1 + len(wanted)
                rows = 20000 if job.matrices == 40 else n
                need = 8 * rows * n * (2 + min(job.matrices, 6) * tools)
                if job.matrices and need > 0.8 * memory_free():
                    print("%s n = %d: needs about %.0f GB for all tools: left "
                          "out" % (job.name, n, need / 1e9), flush=True)
                    continue
                try:
                    record = measure(machine, job, n, o, wanted)
                except Skip as why:
                    print("%s n = %d: ours: %s" % (job.name, n, why))
                    failed = 1
                    continue
                results["records"] = [
                    r for r in results["records"]
                    if (r["job"], r["n"]) != (job.name, n)] + [record]
                for tool, text in record["about"].items():
                    if text and tool != "ours":
                        results["machine"][tool] = text
                save(results, o.folder)
                print("%s n = %d: ours %s" % (job.name, n, own_cell(record)))
                for tool in record["times"]:
                    if tool != "ours":
                        print("    %-12s %s" % (tool, cell(record, tool)))
                for tool, why in record["skipped"].items():
                    print("    %-12s not measured: %s" % (tool, why))
                sys.stdout.flush()
    finally:
        shutil.rmtree(machine.work, ignore_errors=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
