# A hostile client of a run's port: PORT, then what it does.
import os
import socket
import sys
import threading
import time

port, what = int(sys.argv[1]), sys.argv[2:]
MARK = b"TMGUARD\1"


def dial():
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(20)
    return s


def closed(s):
    """Until the other end hangs up."""
    try:
        while s.recv(4096):
            pass
    except ConnectionError:
        pass
    s.close()


def say(data):
    s = dial()
    try:
        s.sendall(data)
    except ConnectionError:
        pass
    return s


def greet():
    s = say(MARK + os.urandom(32))
    answer = b""
    while len(answer) < 40:
        answer += s.recv(40 - len(answer))
    assert answer[:8] == MARK
    return s


def garbage():
    """Among it the bytes on which nanomsg aborts, after its own greeting."""
    closed(say(b"\0SP\0\0\x51\0\0" + b"\xff" * 16))
    closed(say(b"GET / HTTP/1.0\r\n\r\n"))
    closed(say(b"\0" * 100000))
    for k in range(20):
        closed(say(os.urandom(1 + 37 * k)[:1] + os.urandom(36 * k + 8)))


def version():
    closed(say(MARK[:7] + b"\2" + os.urandom(32)))


def forged():
    s = greet()
    s.sendall(os.urandom(56))
    closed(s)


def truncated():
    s = greet()
    s.sendall(os.urandom(20))
    s.close()
    say(MARK + b"1234").close()


def crowd():
    held = [dial() for k in range(200)]
    time.sleep(1)
    for s in held:
        s.close()


def silent():
    closed(dial())


def slow():
    s = dial()
    try:
        for byte in MARK + os.urandom(32):
            s.sendall(bytes([byte]))
            time.sleep(0.3)
    except ConnectionError:
        pass
    s.close()


def relay():
    """Between a worker and the port: FILE gets what each connection said to
    the port; a connection's bytes are changed after the first FLIP."""
    own, path, flip = int(what[1]), what[2], int(what[3])
    inbox = socket.create_server(("127.0.0.1", own))

    def pass_on(a, b, keep, change):
        count = 0
        try:
            while data := a.recv(1 << 16):
                if change and count + len(data) > change:
                    at = max(change - count, 0)
                    data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
                    change = 0
                count += len(data)
                if keep:
                    keep.write(data)
                    keep.flush()
                b.sendall(data)
        except OSError:
            pass
        for s in a, b:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    while True:
        a, _ = inbox.accept()
        b = dial()
        keep = open(path, "wb")
        threading.Thread(target=pass_on, args=(a, b, keep, flip)).start()
        threading.Thread(target=pass_on, args=(b, a, None, 0)).start()
        flip = 0  # the next may pass


def replay():
    closed(say(open(what[1], "rb").read()))


globals()[what[0]]()
