"""Hostile clients against the ports of a run and of its workers, for as long
as is wanted: each run ends with the lines and bytes of a run on one thread, and
takes no more memory and no more open files than it may.

    hostile.py TMRUN SECONDS open|secret     `make hostile MINUTES=10`

Plan after plan is run on two workers that join, at one port, with or without a
secret.  Meanwhile others connect to all ports there are: with garbage, pieces
of what belongs there, frames that are too long, cut off or forged, what workers
said in this run and earlier ones, other secrets and none; they come in
thousands, say nothing, or take their time.
"""
import hashlib
import os
import random
import re
import resource
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

TMRUN = os.path.abspath(sys.argv[1])
SECONDS = float(sys.argv[2])
SECRET = sys.argv[3] == 'secret'
SANITIZED = b'__asan_init' in open(TMRUN, 'rb').read()
PATIENCE = 300  # seconds for a run
MEMORY_MOST = 200 << 20  # bytes that a process may take more than in peace
FILES_MOST = 64 + 512 + 64  # that are open; runtime/guard_inbox.c
GUARD = b'TMGUARD\1' if SECRET else b'TMPLAIN\1'
SCRIPT = """param n = 800
tile 100
A = randn(n, n) / 28
B = A
k = 0
while k < %d
  B = B * A + A
  k = k + 1
  if k - 10 * floor(k / 10) == 0
    print("norm", norm(B))
  end
end
output B
""" % (20 if SANITIZED else 120)


class Count:
    """Of what was tried."""

    def __init__(self):
        self.lock = threading.Lock()
        self.of = {}

    def add(self, what):
        with self.lock:
            self.of[what] = self.of.get(what, 0) + 1


tried = Count()
over = threading.Event()
ports = []  # of the run and its workers, at this moment
said = []  # sessions of workers, as bytes


# ---- what hostile clients do -----------------------------------------------

def dial():
    s = socket.create_connection(('127.0.0.1', random.choice(ports)), 5)
    s.settimeout(1)
    return s


def hear(s):
    """Until the other end hangs up, or for a second."""
    try:
        while s.recv(4096):
            pass
    except OSError:
        pass


def say(*parts):
    s = dial()
    with s:
        for part in parts:
            s.sendall(part)
        hear(s)


def greet():
    s = dial()
    s.sendall(GUARD + os.urandom(32))
    s.recv(40)
    return s


def frame(size):
    """Of a link (runtime/link.h), with a check that is wrong."""
    return (struct.pack('<II', 0x314c4d54, 0) + os.urandom(8) +
            struct.pack('<QQQQ', 0, 1, 0, 0) + os.urandom(8 + size))


def garbage():
    say(os.urandom(random.randint(1, 200000)))


def zeros():
    say(bytes(random.randint(1, 100000)))


def browser():
    say(b'GET / HTTP/1.0\r\nHost: localhost\r\n\r\n')


def nanomsg_huge():
    """The bytes on which nanomsg aborts, after its own greeting."""
    say(b'\0SP\0\0\x51\0\0' + b'\xff' * 16)


def nanomsg_frames():
    kind = random.choice(b'\x50\x51\x10\x20\x30\xff')
    data = frame(random.randint(0, 5000))
    say(b'\0SP\0\0' + bytes([kind]) + b'\0\0', struct.pack('>Q', len(data)),
        data, struct.pack('>Q', 1 << 20), data)


def truncated():
    cut = GUARD + os.urandom(32)
    say(cut[:random.randint(1, len(cut))])


def other_version():
    say(GUARD[:7] + bytes([random.randint(2, 255)]) + os.urandom(32))


def other_protocol():
    say(random.choice([b'TMGUARD\1', b'TMPLAIN\1']) + os.urandom(32),
        os.urandom(56))


def forged_proof():
    with greet() as s:
        s.sendall(os.urandom(56))
        hear(s)


def oversized():
    with greet() as s:
        s.sendall(struct.pack('<I', random.choice([0, 1, 0xffffffff, 3 << 20])))
        hear(s)


def announced():
    """A long record, of which only a part comes."""
    with greet() as s:
        s.sendall(struct.pack('<I', 2 << 20) + bytes(random.randint(1, 1 << 20)))
        hear(s)


def forged_frames():
    with greet() as s:
        for _ in range(20):
            data = frame(random.randint(0, 2000))
            s.sendall(struct.pack('<I', len(data)) + data)
        hear(s)


def replayed():
    if said:
        say(random.choice(said))


def replayed_damaged():
    if said:
        data = bytearray(random.choice(said))
        for _ in range(random.randint(1, 5)):
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        say(bytes(data[:random.randint(1, len(data))]))


def stranger():
    """A worker with another secret, or with one where none is asked for."""
    worker = subprocess.Popen(
        [TMRUN, '--join=tcp://127.0.0.1:%d' % ports[0], '--threads=1',
         '--secret-file=wrong'],
        stderr=subprocess.DEVNULL)
    try:
        tried.add('stranger, who ended with status %d' % worker.wait(5))
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


QUICK = [garbage, zeros, browser, nanomsg_huge, nanomsg_frames, truncated,
         other_version, other_protocol, forged_proof, oversized, announced,
         forged_frames, replayed, replayed_damaged]


def crowd():
    """A thousand at once, of which some greet."""
    held = []
    try:
        for k in range(1000):
            s = dial()
            held.append(s)
            if k % 3 == 0:
                s.sendall(GUARD + os.urandom(32))
        time.sleep(2)
    finally:
        for s in held:
            s.close()


def slow():
    """Two hundred who say a byte ten times a second."""
    held = [dial() for _ in range(200)]
    try:
        for byte in GUARD + os.urandom(100):
            for s in held:
                s.sendall(bytes([byte]))
            time.sleep(0.1)
    finally:
        for s in held:
            s.close()


def keep_on(*ways):
    while not over.is_set():
        way = random.choice(ways)
        try:
            way()
            tried.add(way.__name__)
        except (OSError, IndexError):
            tried.add(way.__name__ + ', which was cut off')
            time.sleep(0.02)


# ---- what is attacked ------------------------------------------------------

def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def listening(pid):
    """Ports where that process listens."""
    try:
        own = {os.readlink('/proc/%d/fd/%s' % (pid, fd))
               for fd in os.listdir('/proc/%d/fd' % pid)}
    except OSError:
        return []
    with open('/proc/net/tcp') as f:
        rows = [line.split() for line in f][1:]
    return [int(row[1].split(':')[1], 16) for row in rows
            if row[3] == '0A' and 'socket:[%s]' % row[9] in own]


def relay(own, to):
    """Between a worker and the run; what the worker said is kept."""
    inbox = socket.create_server(('127.0.0.1', own))

    def pass_on(a, b, keep):
        data = True
        try:
            while data:
                data = a.recv(1 << 16)
                if keep is not None and len(keep) < 1 << 20:
                    keep += data
                b.sendall(data)
        except OSError:
            pass
        if keep:
            said.append(bytes(keep))
            del said[:-20]
        for s in a, b:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve():
        while True:
            a, _ = inbox.accept()
            try:
                b = socket.create_connection(('127.0.0.1', to))
            except OSError:
                a.close()
                continue
            threading.Thread(target=pass_on, args=(a, b, bytearray()),
                             daemon=True).start()
            threading.Thread(target=pass_on, args=(b, a, None),
                             daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()


def measure(pid):
    """Peak memory in bytes and open files of a process."""
    try:
        with open('/proc/%d/status' % pid) as f:
            peak = int(re.search(r'VmHWM:\s*(\d+)', f.read())[1]) << 10
        return peak, len(os.listdir('/proc/%d/fd' % pid))
    except (OSError, TypeError):
        return 0, 0


class Peaks:
    """Of the run's process and of the workers'."""

    def __init__(self):
        self.memory, self.files = [0, 0], [0, 0]

    def look(self, pids):
        for k, pid in enumerate(pids):
            memory, files = measure(pid)
            k = min(k, 1)
            self.memory[k] = max(self.memory[k], memory)
            self.files[k] = max(self.files[k], files)

    def text(self):
        return ('run %.0f MiB, %d files; worker %.0f MiB, %d files' %
                (self.memory[0] / 2**20, self.files[0],
                 self.memory[1] / 2**20, self.files[1]))


def words(address):
    return ([address, '--secret-file=right'] if SECRET else [address])


def run(port, peaks):
    """One run on two workers, one of them by way of the relay: its lines, the
    sum of its file, and what it said."""
    if os.path.exists('B.npy'):
        os.remove('B.npy')
    process = subprocess.Popen(
        [TMRUN, '-v', '--workers=2', '--heartbeat=20',
         *words('--listen=tcp://127.0.0.1:%d' % port), 'work.tm'],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    workers = [subprocess.Popen(
        [TMRUN, '--threads=1', *words('--join=tcp://127.0.0.1:%d' % p)],
        stderr=subprocess.PIPE, text=True) for p in (port, PROXY)]
    pids = [process.pid, *(w.pid for w in workers)]
    until = time.monotonic() + PATIENCE
    watcher = threading.Thread(target=watch, args=(process, pids, peaks, until))
    watcher.start()
    lines, messages = process.communicate()
    watcher.join()
    for w in workers:
        w.terminate() if w.poll() is None else None
        messages += w.communicate()[1]
    return process.returncode, lines, file_sum(), messages


def watch(process, pids, peaks, until):
    while process.poll() is None:
        peaks.look(pids)
        ports[:] = [PORT] + [p for pid in pids for p in listening(pid)]
        if time.monotonic() > until:
            process.kill()
        time.sleep(0.1)
    ports[:] = [PORT]


def file_sum():
    if not os.path.exists('B.npy'):
        return None
    with open('B.npy', 'rb') as f:
        return hashlib.md5(f.read()).hexdigest()


resource.setrlimit(resource.RLIMIT_NOFILE,
                   (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)
with open('work.tm', 'w') as file:
    file.write(SCRIPT)
for name in 'right', 'wrong':
    with open(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600), 'wb') as file:
        file.write(os.urandom(32))
expected = subprocess.run([TMRUN, '--threads=1', 'work.tm'], text=True,
                          stdout=subprocess.PIPE, check=True).stdout
expected_sum = file_sum()

PORT, PROXY = free_port(), free_port()
ports.append(PORT)
relay(PROXY, PORT)
peace, war = Peaks(), Peaks()
began = time.monotonic()
wrong = run(PORT, peace)[:3] != (0, expected, expected_sum)
print('in peace: %.1f s, %s' % (time.monotonic() - began, peace.text()),
      flush=True)
if wrong:
    sys.exit('wrong without any hostile client')

clients = [threading.Thread(target=keep_on, args=ways) for ways in
           [QUICK] * 4 + [[stranger], [crowd], [slow]]]
for client in clients:
    client.start()
runs, failures, refused = 0, 0, 0
began = time.monotonic()
while time.monotonic() - began < SECONDS:
    status, lines, total, messages = run(PORT, war)
    runs += 1
    found = re.findall(r'(\d+) connections? w\S+ refused', messages)
    refused += int(found[-1]) if found else 0
    if (status, lines, total) != (0, expected, expected_sum):
        failures += 1
        print('run %d: status %d, %s lines, %s file\n%s' %
              (runs, status, 'the same' if lines == expected else 'other',
               'the same' if total == expected_sum else 'another', messages),
              flush=True)
over.set()
for client in clients:
    client.join()
print('%.0f s, %s: %d runs, %d failed, %d connections refused; %s' %
      (time.monotonic() - began, sys.argv[3], runs, failures, refused,
       war.text()))
for what in sorted(tried.of):
    print('%8d %s' % (tried.of[what], what))
print('in the last run:', ' | '.join(messages.splitlines()))
much = [war.memory[k] > peace.memory[k] + MEMORY_MOST * (4 if SANITIZED else 1)
        or war.files[k] > peace.files[k] + FILES_MOST for k in (0, 1)]
if any(much):
    print('too much memory, or too many open files')
sys.exit(failures > 0 or any(much))
