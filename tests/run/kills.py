"""Worker processes that are killed, or stopped and woken, at random times: each
run ends with the lines and bytes of a run on one thread.

    kills.py TMRUN RUNS [SCALE [SEED]]

So many runs, shared out among the jobs, of 1 to 3 victims of 4 workers, half of
them started by the run, half of them joined over tcp.  SCALE 1: jobs of about a
second; then each is run with one loss at half time too, and the median of what
is done again is shown, as a share of the flops that were done.
"""
import hashlib
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TMRUN = sys.argv[1]
RUNS = int(sys.argv[2])
SCALE = float(sys.argv[3]) if len(sys.argv) > 3 else 0.25
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(10**6)
WORKERS = 4
SILENCE = 1.0  # seconds, after which a worker is given up
PATIENCE = 120  # seconds for a run

# name: edge at scale 1, tile at scale 1, script
JOBS = {
    'gemm': (3072, 256, 'A = randn(n, n)\nB = randn(n, n)\nC = A * B\n'
             'output C'),
    'chol': (5120, 256, 'A = randn(n, n) / 8\nL = chol(A + A\' + n * eye(n))\n'
             'output L'),
    'lu': (4608, 256, 'A = randn(n, n)\n[L, U, p] = lu(A)\nprint(sum(p .* p))\n'
           'output L\noutput U'),
    'qr': (3584, 256, 'A = randn(n, n)\n[Q, R] = qr(A)\noutput R'),
    'cg': (2048, 256, """A = randn(n, n) / n
A = A + A' + diag(4 + 20 * rand(n, 1))
b = ones(n, 1)
x = zeros(n, 1)
r = b
p = r
rr = dot(r, r)
it = 0
while it < 200 && sqrt(rr) > 1e-200
  q = A * p
  alpha = rr / dot(p, q)
  x = x + alpha * p
  r = r - alpha * q
  new = dot(r, r)
  p = r + (new / rr) * p
  rr = new
  it += 1
  if it - 50 * floor(it / 50) == 0
    print("turn", it, rr)
  end
end
output x"""),
}


def sums(folder):
    """Of all files that a run made there."""
    names = sorted(os.listdir(folder))
    return [(name, hashlib.md5(open(os.path.join(folder, name), 'rb').read())
             .hexdigest()) for name in names]


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def children(pid):
    try:
        with open('/proc/%d/task/%d/children' % (pid, pid)) as f:
            return [int(word) for word in f.read().split()]
    except OSError:
        return []


class Run:
    """A run of a job in a folder of its own."""

    def __init__(self, job, options):
        edge, tile, _ = JOBS[job]
        self.folder = tempfile.TemporaryDirectory()
        self.command = [TMRUN, '-v', '-D', 'n=%d' % (edge * SCALE),
                        '--tile=%d' % (tile * SCALE), *options,
                        os.path.join(SCRIPTS, job + '.tm')]
        self.joined = []
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            self.command, cwd=self.folder.name, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def join(self, address):
        for _ in range(WORKERS):
            self.joined.append(subprocess.Popen(
                [TMRUN, '--join=' + address, '--threads=1'],
                stderr=subprocess.DEVNULL))

    def workers(self):
        if self.joined:
            return [worker.pid for worker in self.joined]
        return children(self.process.pid)

    def end(self):
        """Seconds, lines, files and messages; or what went wrong."""
        try:
            self.lines, self.messages = self.process.communicate(
                timeout=PATIENCE)
            self.seconds = time.monotonic() - self.start
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.lines, self.messages = self.process.communicate()
            return 'hangs'
        finally:
            for worker in self.joined:
                worker.send_signal(signal.SIGCONT)
                worker.terminate() if worker.poll() is None else None
            for worker in self.joined:
                try:
                    worker.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    worker.kill()
        self.files = sums(self.folder.name)
        return ('status %d' % self.process.returncode
                if self.process.returncode else '')


def send(pid, number):
    try:
        os.kill(pid, number)
    except OSError:
        pass  # it has ended, or was killed when it was given up


def cause(run, events):
    """Signals to workers, at times from the start: (time, worker, signal)."""
    for at, worker, number in sorted(events):
        while (time.monotonic() - run.start < at and
               run.process.poll() is None):
            time.sleep(0.002)
        pids = run.workers()
        if run.process.poll() is not None:
            return
        if worker < len(pids):
            send(pids[worker], number)


def choose(seconds):
    """1 to 3 workers that are killed, or stopped and woken later."""
    events = []
    for worker in random.sample(range(WORKERS), random.randint(1, 3)):
        at = random.uniform(0, seconds)
        if random.random() < 0.7:
            events.append((at, worker, signal.SIGKILL))
        else:
            events.append((at, worker, signal.SIGSTOP))
            events.append((at + random.uniform(0, 3 * SILENCE), worker,
                           signal.SIGCONT))
    return events


def told(events):
    return ', '.join('%s of %d at %.3f s' % (signal.Signals(n).name, w, at)
                     for at, w, n in sorted(events))


def start(job, tcp):
    """Over tcp it begins with the first who joins, and the others come late."""
    if not tcp:
        return Run(job, ['--workers=%d' % WORKERS, '--threads=1',
                         '--heartbeat=%g' % SILENCE])
    address = 'tcp://127.0.0.1:%d' % free_port()
    run = Run(job, ['--listen=' + address, '--heartbeat=%g' % SILENCE])
    run.join(address)
    return run


def check(job, run, wrong, events):
    """1: it did not end as it should."""
    wrong = wrong or (run.lines != expected[job].lines and 'other lines')
    wrong = wrong or (run.files != expected[job].files and 'other bits')
    if wrong:
        print('%s: %s\n  %s\n  %s\n%s' % (job, wrong, ' '.join(run.command),
                                          told(events), run.messages))
    return bool(wrong)


AGAIN = re.compile(r'of (\d+) tasks that were done are computed again, '
                   r'(\S+) of (\S+) GF')
LOST = re.compile(r'(\d+) workers were lost; (\d+) tasks, (\d+) flops')


def loss_at_half(job, seconds):
    """Flops done again by those done, after one loss at half time."""
    events = [(seconds / 2, random.randrange(WORKERS), signal.SIGKILL)]
    run = start(job, False)
    cause(run, events)
    failed = check(job, run, run.end(), events)
    found = AGAIN.search(run.messages)
    share = (float(found[2]) / float(found[3])
             if found and float(found[3]) else None)
    return failed, share


def figures(job, seconds):
    found = [loss_at_half(job, seconds) for _ in range(EACH // 2 + 1)]
    shares = [share for _, share in found if share is not None]
    if shares:
        print('%-6s one loss at half time, %d runs: %.3f of the flops that '
              'were done are done again (median; mean %.3f, %.3f to %.3f)' %
              (job, len(shares), statistics.median(shares),
               statistics.mean(shares), min(shares), max(shares)), flush=True)
    return sum(failed for failed, _ in found)


def kill_some(job, seconds):
    failed, lost = 0, 0
    for k in range(EACH):
        events = choose(seconds)
        run = start(job, k % 2)
        cause(run, events)
        failed += check(job, run, run.end(), events)
        found = LOST.search(run.messages)
        lost += int(found[1]) if found else 0
    print('%-6s %d runs, %d wrong, %d workers lost, %.2f s without losses' %
          (job, EACH, failed, lost, seconds), flush=True)
    return failed


EACH = (RUNS + len(JOBS) - 1) // len(JOBS)
random.seed(SEED)
print('seed', SEED)
scripts = tempfile.TemporaryDirectory()
SCRIPTS = scripts.name
expected = {}
wrong = 0
for job, (_, _, text) in JOBS.items():
    with open(os.path.join(SCRIPTS, job + '.tm'), 'w') as file:
        file.write('param n = 100\n' + text + '\n')
    expected[job] = Run(job, ['--threads=1'])
    if expected[job].end():
        sys.exit(expected[job].messages)
    plain = start(job, False)
    wrong += check(job, plain, plain.end(), [])
    wrong += kill_some(job, plain.seconds)
    if SCALE >= 1:
        wrong += figures(job, plain.seconds)
sys.exit(wrong != 0)
