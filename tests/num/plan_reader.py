"""A second reader of plans, written from docs/plan-format.md.

Usage: plan_reader.py plan FILE
       plan_reader.py tasks FILE [PARAM=VALUE ...] [INPUT=ROWSxCOLS ...]

It prints what `tmc --emit=plan` and `tmc --emit=tasks` print.  It shares
nothing with the C code but the document (and the layout of that text), so
that what it prints the same is what the document says.
"""
import math
import struct
import sys

NONE = 0xFFFFFFFF
INT, REAL, BOOL, TEXT = 1, 2, 3, 4
LOOP, IF, ELSE, REPEAT, BREAK, CONTINUE = 1, 2, 3, 4, 5, 6
SET, FETCH, TASK, ALIAS, RELEASE, ASSERT = 7, 8, 9, 10, 11, 12
READ, WRITE, BOTH = 1, 2, 3
TRANS, ROW, COL, SCALAR, RUN, ALL, CONJ = 1, 2, 4, 8, 16, 32, 64
TEMP, INPUT, SOURCE = 1, 2, 3

# operation: name, arguments
OPS = {1: ("int", 0), 2: ("real", 0), 3: ("bool", 0), 4: ("param", 0),
       5: ("rows", 0), 6: ("cols", 0), 7: ("tile_rows", 0),
       8: ("tile_cols", 0), 9: ("slot", 0), 10: ("+", 2), 11: ("-", 2),
       12: ("*", 2), 13: ("/", 2), 14: ("floordiv", 2), 15: ("ceildiv", 2),
       16: ("mod", 2), 17: ("min", 2), 18: ("max", 2), 19: ("^", 2),
       20: ("neg", 1), 21: ("abs", 1), 22: ("floor", 1), 23: ("ceil", 1),
       24: ("real", 1), 25: ("sqrt", 1), 26: ("exp", 1), 27: ("log", 1),
       28: ("log2", 1), 29: ("ceil_log2", 1), 30: ("floor_log2", 1),
       31: ("<", 2), 32: ("<=", 2), 33: ("==", 2), 34: ("!=", 2),
       35: ("&&", 2), 36: ("||", 2), 37: ("!", 1), 38: ("if", 3),
       39: ("round", 1), 40: ("sin", 1), 41: ("cos", 1), 42: ("tanh", 1),
       43: ("pow", 2), 44: ("complex", 0)}
KERNELS = {1: "gemm", 2: "syrk", 3: "trsm", 4: "trmm", 5: "potrf",
           6: "getrf", 7: "laswp", 8: "map", 9: "sum", 10: "norm", 11: "max",
           12: "min", 13: "trace", 14: "copy", 15: "tril", 16: "select",
           17: "store", 18: "print", 19: "check", 20: "nop", 21: "sums",
           22: "geqrt", 23: "tsqrt", 24: "unmqr", 25: "tsmqr",
           30: "rowsums", 31: "min_rows", 32: "max_rows", 33: "argmin_rows",
           34: "argmax_rows", 35: "onehot",
           50: "heevd", 51: "heevd_values", 52: "gesdd", 53: "gesdd_values",
           55: "hetrd", 56: "stedc", 57: "gebrd", 58: "bdsdc", 59: "unmtr",
           54: "residual", 60: "cumsum", 61: "sort", 62: "prod",
           63: "diagonal", 64: "potrf_try", 70: "map_sum", 71: "map_norm",
           72: "map_max", 73: "map_min", 74: "map_rowsums",
           75: "map_min_rows", 76: "map_max_rows", 77: "map_argmin_rows",
           78: "map_argmax_rows", 79: "map_diagonal", 80: "gemmt"}
MAPS = [8, *range(70, 80)]
KERNEL_FLAGS = ["ta", "tb", "right", "upper", "unit", "mirror", "ca", "cb"]
STEPS = ["", "copy", "+", "-", "*", "/", "^", "neg", "abs", "sqrt", "exp",
         "log", "log2", "floor", "ceil", "mod", "max", "min", "<", "<=", "==",
         "!=", "&&", "||", "!", "select", "hypot", "sin", "cos", "tanh",
         "round", "sign", "conj", "real", "imag", "complex", "arg"]
TYPES = ["late", "f32", "f64", "c64", "c128"]
STEP_ARGS = {**dict.fromkeys([*range(2, 7), *range(15, 24), 26, 35], 2),
             25: 3}
# section: name, fields as struct letters (strings and expressions are not
# of one size)
SECTIONS = {1: ("strings", None), 2: ("sources", "II"),
            3: ("places", "IIIII"), 4: ("exprs", None), 5: ("params", "IBII"),
            6: ("slots", "BI"), 7: ("types", "B"), 8: ("inputs", "IIIIBIIII"),
            9: ("matrices", "IBBIIIIIIIIII"), 10: ("outputs", "IIIII"),
            11: ("checks", "III"), 12: ("texts", "II"), 13: ("parts", "BI"),
            14: ("maps", "IIIIBB"), 15: ("steps", "BBBBB"),
            16: ("constants", "d"), 17: ("args", "I"),
            18: ("operands", "IBBIIII"), 19: ("entries", "BBBIIIIIIIIIII"),
            20: ("tile", "II"), 21: ("relations", "IIB")}


class Bad(Exception):
    pass


# ---- check value: XXH3-64 of more than 240 bytes ---------------------------

M64 = 2**64 - 1
P32 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D
P64 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
       0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")


def xxh3(data):
    if len(data) <= 240:
        return None
    acc = [P32[2], P64[0], P64[1], P64[2], P64[3], P32[1], P64[4], P32[0]]

    def eight(source, at):
        return struct.unpack_from("<8Q", source, at)

    def stripe(at, secret):
        for k, (x, s) in enumerate(zip(eight(data, at),
                                       eight(SECRET, secret))):
            key = x ^ s
            acc[k ^ 1] = acc[k ^ 1] + x & M64
            acc[k] = acc[k] + (key & 0xFFFFFFFF) * (key >> 32) & M64

    whole = (len(data) - 1) // 1024
    for block in range(whole):
        for n in range(16):
            stripe(1024 * block + 64 * n, 8 * n)
        for k, s in enumerate(eight(SECRET, 128)):
            acc[k] = (acc[k] ^ acc[k] >> 47 ^ s) * P32[0] & M64
    for n in range((len(data) - 1 - 1024 * whole) // 64):
        stripe(1024 * whole + 64 * n, 8 * n)
    stripe(len(data) - 64, 121)
    value = len(data) * P64[0]
    for k, s in enumerate(zip(*[iter(eight(SECRET, 11))] * 2)):
        product = (acc[2 * k] ^ s[0]) * (acc[2 * k + 1] ^ s[1])
        value += product & M64 ^ product >> 64
    value &= M64
    value = (value ^ value >> 37) * 0x165667919E3779F9 & M64
    return value ^ value >> 32


# ---- reading -------------------------------------------------------------

class Expr:
    def __init__(self, op, kind, args, value):
        self.op, self.type, self.args, self.value = op, kind, args, value
        self.slots = op == 9


class Plan:
    def __init__(self, data):
        if data[:8] != b"TMPLAN\x1a\n":
            raise Bad("not a plan file")
        major, _, sections, size, check = struct.unpack_from("<HHIQQ", data, 8)
        if major != 1:
            raise Bad(f"format {major}")
        if size != len(data):
            raise Bad("cut short")
        if check != xxh3(data[32:]):
            raise Bad("damaged")
        for name, _ in SECTIONS.values():
            setattr(self, name, [])
        at = 32
        for _ in range(sections):
            ident, flags, count, length = struct.unpack_from("<IIII", data, at)
            body = data[at + 16:at + 16 + length]
            at += 16 + length
            if ident in SECTIONS:
                self.section(ident, count, body)
            elif flags & 1:
                raise Bad(f"needs section {ident}")
        if at != len(data):
            raise Bad("more bytes than sections")
        self.tile = self.tile[0] if self.tile else (NONE, NONE)

    def section(self, ident, count, body):
        name, fields = SECTIONS[ident]
        if ident == 1:
            items, at = self.read_strings(count, body)
        elif ident == 4:
            items, at = self.read_exprs(count, body)
        else:
            size = struct.calcsize("<" + fields)
            items = [struct.unpack_from("<" + fields, body, size * k)
                     for k in range(count)]
            at = size * count
        if at != len(body):
            raise Bad(f"section {ident} has another length")
        setattr(self, name, items)

    @staticmethod
    def read_strings(count, body):
        items, at = [], 0
        for _ in range(count):
            length, = struct.unpack_from("<I", body, at)
            items.append(body[at + 4:at + 4 + length].decode())
            at += 4 + length
        return items, at

    @staticmethod
    def read_exprs(count, body):
        items, at = [], 0
        for _ in range(count):
            op, kind = struct.unpack_from("<BB", body, at)
            at += 2
            arity = OPS[op][1]
            args = struct.unpack_from(f"<{arity}I", body, at)
            at += 4 * arity
            value = None
            if op <= 6 or op in (9, 44):
                value, = struct.unpack_from("<d" if op == 2 else "<q", body,
                                            at)
                at += 8
            x = Expr(op, kind, args, value)
            x.slots |= any(items[a].slots for a in args)
            items.append(x)
        return items, at

    def name(self, table, k):
        """Of a parameter, input, matrix or output; slots have it second."""
        item = getattr(self, table)[k]
        return self.strings[item[1 if table == "slots" else 0]]


# ---- numbers -------------------------------------------------------------

class Fault(Exception):
    pass


class Stop(Exception):
    """The run fails here."""


def number_text(value):
    if math.isnan(value):
        return "nan"
    for digits in (15, 16, 17):
        text = f"%.{digits}g" % value
        if float(text) == value:
            break
    return text


def value_text(kind, value):
    if kind == REAL:
        return number_text(value)
    if kind == BOOL:
        return "true" if value else "false"
    return str(value)


def whole(x):
    if not -9.2e18 <= x <= 9.2e18:
        raise Fault("the number is too large for an integer")
    return int(x)


def real(function, *args):
    """As the C library: no exceptions."""
    try:
        return function(*args)
    except (OverflowError, ValueError, ZeroDivisionError):
        return {math.exp: math.inf}.get(function, math.nan)


def logarithm(function, x):
    return -math.inf if x == 0 else real(function, x)


def divide(a, b):
    if b == 0:
        return math.nan if a == 0 or math.isnan(a) else \
            math.copysign(math.inf, a) * math.copysign(1, b)
    return a / b


def nonzero(b):
    if b == 0:
        raise Fault("division by zero")
    return b


def modulus(a, b):
    if isinstance(a, int):
        return a % nonzero(b)
    return a if b == 0 else a - math.floor(a / b) * b


def power(a, b):
    if isinstance(a, float):
        return real(math.pow, a, b)
    if b < 0:
        raise Fault("negative exponent of a whole number")
    if abs(a) > 1 and b > 64:
        raise Fault("integer overflow")
    return a**b if abs(a) > 1 else 1 if b == 0 else a if b % 2 else a * a


def log2_of(x, up):
    if x < 1:
        raise Fault("logarithm of a number below 1")
    return x.bit_length() - 1 + (up and x & (x - 1) != 0)


def other_of_nan(function, a, b):
    if isinstance(a, float) and math.isnan(a):
        return b
    if isinstance(b, float) and math.isnan(b):
        return a
    return function(a, b)


COMPUTE = {
    10: lambda a, b: a + b, 11: lambda a, b: a - b, 12: lambda a, b: a * b,
    13: divide, 14: lambda a, b: a // nonzero(b),
    15: lambda a, b: -(-a // nonzero(b)), 16: modulus,
    17: lambda a, b: other_of_nan(min, a, b),
    18: lambda a, b: other_of_nan(max, a, b), 19: power, 20: lambda a: -a,
    21: abs, 22: lambda a: whole(real(math.floor, a)),
    23: lambda a: whole(real(math.ceil, a)), 24: float,
    25: lambda a: real(math.sqrt, a), 26: lambda a: real(math.exp, a),
    27: lambda a: logarithm(math.log, a),
    28: lambda a: logarithm(math.log2, a),
    29: lambda a: log2_of(a, 1), 30: lambda a: log2_of(a, 0),
    31: lambda a, b: a < b, 32: lambda a, b: a <= b, 33: lambda a, b: a == b,
    34: lambda a, b: a != b, 35: lambda a, b: a and b,
    36: lambda a, b: a or b, 37: lambda a: not a,
    39: lambda a: whole(math.copysign(math.floor(abs(a) + 0.5), a)),
    40: math.sin, 41: math.cos, 42: math.tanh, 43: power}


class Binding:
    def __init__(self, plan, settings, inputs):
        self.plan, self.inputs, self.cache = plan, inputs, {}
        self.slots = [0] * len(plan.slots)
        self.params = {}
        for k, (name, kind, default, _) in enumerate(plan.params):
            text = settings.get(plan.strings[name])
            if text is not None:
                self.params[k] = self.parse(kind, text)
            elif kind == TEXT:
                self.params[k] = plan.strings[default]
            else:
                self.params[k] = self.value(default)
        # Ours, where none is said and no matrix has a longer side.
        self.tile = (112, 112)
        if plan.tile[0] != NONE:
            self.tile = tuple(self.value(x) for x in plan.tile)
        self.cache = {}
        for test, text, _ in plan.checks:
            if not self.value(test):
                raise Stop(self.text(text))
        self.matrices = [self.shape(m) for m in plan.matrices]

    @staticmethod
    def parse(kind, text):
        if kind == INT:
            return int(float(text)) if "e" in text else int(text)
        if kind == REAL:
            return float(text)
        return text in ("true", "1") if kind == BOOL else text

    def shape(self, m):
        rows, cols, tile_rows, tile_cols = (self.value(x) for x in m[4:8])
        tile_rows = max(min(tile_rows, rows), 1)
        tile_cols = max(min(tile_cols, cols), 1)
        return (rows, cols, tile_rows, tile_cols, -(-rows // tile_rows),
                -(-cols // tile_cols))

    def value(self, k):
        x = self.plan.exprs[k]
        if not x.slots and k in self.cache:
            return self.cache[k]
        value = self.compute(x)
        if x.type == INT and not -2**63 <= value < 2**63:
            raise Fault("integer overflow")
        if not x.slots:
            self.cache[k] = value
        return value

    def compute(self, x):
        if x.op <= 3:
            return x.value
        if x.op == 4:
            return self.params[x.value]
        if x.op == 44:
            return False  # inputs of this test are real
        if x.op in (5, 6):
            name = self.plan.name("inputs", x.value)
            if name not in self.inputs:
                raise Fault("it is not set")
            return self.inputs[name][x.op - 5]
        if x.op in (7, 8):
            return self.tile[x.op - 7]
        if x.op == 9:
            return self.slots[x.value]
        if x.op == 38:
            return self.value(x.args[1 if self.value(x.args[0]) else 2])
        return COMPUTE[x.op](*[self.value(a) for a in x.args])

    def text(self, k):
        first, count = self.plan.texts[k]
        line = ""
        for kind, value in self.plan.parts[first:first + count]:
            if kind == 1:
                line += self.plan.strings[value]
            elif kind == 2:
                line += value_text(self.plan.exprs[value].type,
                                   self.value(value))
            else:
                line += "?" if kind == 3 else self.params[value]
        return line


# ---- the plan as text ----------------------------------------------------

class Printer:
    def __init__(self, plan):
        self.plan = plan

    def leaf(self, x):
        if x.op == 2:
            return number_text(x.value)
        if x.op == 3:
            return "true" if x.value else "false"
        if x.op in (4, 9):
            return self.plan.name("params" if x.op == 4 else "slots", x.value)
        if x.op in (5, 6, 44):
            return f"{OPS[x.op][0]}({self.plan.name('inputs', x.value)})"
        return str(x.value) if x.op == 1 else OPS[x.op][0]

    def expr(self, k, inside=False):
        x = self.plan.exprs[k]
        name, arity = OPS[x.op]
        if not arity:
            return self.leaf(x)
        if x.op == 24:
            return self.expr(x.args[0], inside)
        if 10 <= x.op <= 13 or x.op == 19 or 31 <= x.op <= 36:
            y = self.plan.exprs[x.args[1]]
            text = self.expr(x.args[0], True)
            if x.op == 10 and y.op == 1 and y.value < 0:
                text += f" - {-y.value}"
            else:
                text += f" {name} {self.expr(x.args[1], True)}"
            return f"({text})" if inside else text
        return f"{name}({', '.join(self.expr(a) for a in x.args)})"

    def field(self, name, k):
        return "" if k == NONE else f"{name} {self.expr(k)}"

    def path(self, path, param):
        return f" {self.plan.name('params', param)}" if param != NONE else \
            f' "{self.plan.strings[path]}"' if path != NONE else ""

    def place(self, k):
        if k == NONE:
            return ""
        source, line, column, _, via = self.plan.places[k]
        text = f"  # {self.plan.name('sources', source)}:{line}:{column}"
        while via != NONE:
            _, line, column, _, via = self.plan.places[via]
            text += f" < {line}:{column}"
        return text

    def parts(self, k):
        first, count = self.plan.texts[k]
        text = ""
        for kind, value in self.plan.parts[first:first + count]:
            text += " " + (f'"{self.plan.strings[value]}"' if kind == 1 else
                           self.expr(value) if kind == 2 else
                           f"operand {value}" if kind == 3 else
                           self.plan.name("params", value))
        return text

    def operand(self, o):
        matrix, mode, flags, i, j, i_end, j_end = o
        text = f" {['', '', '=', '&'][mode]}" + \
            f"{self.plan.name('matrices', matrix)}#{matrix}"
        if flags & ALL:
            return text
        run = flags & RUN
        text += f"[{self.expr(i)}{'..' + self.expr(i_end) if run else ''},"
        text += f"{self.expr(j)}{'..' + self.expr(j_end) if run else ''}]"
        return text + (".'" if flags & TRANS and flags & CONJ else
                       "'" if flags & TRANS else
                       ":conj" if flags & CONJ else "") + \
            (":row" if flags & ROW else "") + \
            (":col" if flags & COL else "") + \
            (":scalar" if flags & SCALAR else "")

    def map(self, k):
        first, steps, constant, constants, inputs, _ = self.plan.maps[k]
        text = ""
        for n in range(constants):
            value, = self.plan.constants[constant + n]
            text += f" r{inputs + n}={number_text(value)}"
        for op, dst, *regs in self.plan.steps[first:first + steps]:
            args = ",".join(f"r{r}" for r in regs[:STEP_ARGS.get(op, 1)])
            text += f" r{dst}={STEPS[op]}({args})"
        return text

    def head(self, e):
        kind, kernel, flags, _, a, b, c, d = e[:8]
        if kind == LOOP:
            step = self.plan.exprs[d]
            one = step.op == 1 and step.value == 1
            return f"for {self.plan.name('slots', a)} in {self.expr(b)}.." + \
                self.expr(c) + ("" if one else self.field(" step", d))
        if kind in (IF, ASSERT):
            return "if" + self.field("", a) if kind == IF else \
                "assert" + self.field("", a) + self.parts(b)
        if kind in (BREAK, CONTINUE):
            return f"{'break' if kind == BREAK else 'continue'} {a}"
        if kind == SET:
            return f"set {self.plan.name('slots', a)}{self.field(' =', b)}"
        if kind == FETCH:
            return f"fetch {self.plan.name('slots', a)} ="
        if kind == TASK:
            return KERNELS[kernel] + "".join(
                " " + n for k, n in enumerate(KERNEL_FLAGS) if flags >> k & 1)
        return {ELSE: "else", REPEAT: "repeat", ALIAS: "alias",
                RELEASE: "release"}[kind]

    def entry(self, e):
        kind, kernel, first, operands, arg, args = e[:2] + e[8:12]
        text = self.head(e)
        for o in self.plan.operands[first:first + operands]:
            text += self.operand(o)
        for n, (k,) in enumerate(self.plan.args[arg:arg + args]):
            text += self.field("," if n else " :", k)
        if kind == TASK and kernel in MAPS:
            text += self.map(e[4])
        if kind == TASK and kernel in (18, 19):
            text += self.parts(e[5])
        return text + self.place(e[13])

    def entries(self):
        ends = []
        for k, e in enumerate(self.plan.entries):
            while ends and ends[-1] == k:
                ends.pop()
            print("  " * len(ends) + self.entry(e))
            if e[3] > k + 1:
                ends.append(e[3])

    def matrix(self, k, m):
        name, kind, rule, type_, rows, cols, tr, tc, _, arg, seed, call, _ = m
        rules = ["", "fill", "eye", "rand", "randn", "spd", "list"]
        text = f"matrix {k} {self.plan.strings[name]} " + \
            ["?", "temp", "input", "source"][kind] + \
            (" " if rule else "") + rules[rule] + \
            f": {self.expr(rows)} x {self.expr(cols)} tile " + \
            f"{self.expr(tr)} x {self.expr(tc)} type {type_}"
        if rule in (1, 2):
            text += self.field(" value", arg)
        if rule in (3, 4, 5):
            text += self.field(" seed", seed) + f" call {call}"
        print(text + self.place(m[12]))

    def all(self):
        p = self.plan
        for name, kind, value, place in p.params:
            text = f"param {p.strings[name]}"
            text += f' "{p.strings[value]}"' if \
                kind == TEXT and value != NONE else self.field(" =", value)
            print(text + self.place(place))
        if p.tile[0] != NONE:
            print(f"tile {self.expr(p.tile[0])}, {self.expr(p.tile[1])}")
        for k, (fixed,) in enumerate(p.types):
            text = f"type {k} {TYPES[fixed]}"
            for type_, real, only in p.relations:
                if type_ == k:
                    text += ["", " real", " complex"][only]
                    text += f" over type {real}" if real != NONE else ""
            print(text)
        for k, x in enumerate(p.inputs):
            print(f"input {k} {p.strings[x[0]]}" + self.path(x[1], x[2]) +
                  (f" is {TYPES[x[4]]}" if x[4] else "") +
                  self.field(" rows", x[5]) + self.field(" cols", x[6]) +
                  f" type {x[7]}" + self.place(x[8]))
        for k, m in enumerate(p.matrices):
            self.matrix(k, m)
        for k, x in enumerate(p.outputs):
            print(f"output {k} {p.strings[x[0]]} matrix {x[3]}" +
                  self.path(x[1], x[2]) + self.place(x[4]))
        for test, text, place in p.checks:
            print(f"check {self.expr(test)}:{self.parts(text)}" +
                  self.place(place))
        self.entries()


# ---- the plan unfolded ---------------------------------------------------

class Walk:
    """Versions are (matrix, i, j, number of the task that wrote it)."""

    def __init__(self, binding):
        self.b, self.plan = binding, binding.plan
        self.current, self.number, self.loops = {}, 0, []
        self.otherwise = self.find_elses()

    def find_elses(self):
        """Where an IF goes on when it is false: the ELSE behind the
        outermost of those that end there."""
        entries, ends, found = self.plan.entries, [], {}
        for k, e in enumerate(entries):
            closed = None
            while ends and entries[ends[-1]][3] == k:
                closed = ends.pop()
            if closed is None and k and entries[k - 1][0] == IF:
                closed = k - 1
            if e[0] == ELSE:
                found[closed] = k + 1
            if e[0] in (LOOP, IF, ELSE, REPEAT):
                found.setdefault(k, e[3])
            if e[3] > k + 1:
                ends.append(k)
        return found

    def tiles(self, o):
        matrix, _, flags, *where = o
        rows, cols = self.b.matrices[matrix][4:6]
        if flags & ALL:
            i, j, i_end, j_end = 0, 0, rows, cols
        elif flags & RUN:
            i, j, i_end, j_end = (self.b.value(x) for x in where)
        else:
            i, j = (self.b.value(x) for x in where[:2])
            i_end, j_end = i + 1, j + 1
        if i >= i_end or j >= j_end:
            return []
        if i < 0 or j < 0 or i_end > rows or j_end > cols:
            raise Stop("tile does not exist")
        return [(matrix, n, m) for m in range(j, j_end)
                for n in range(i, i_end)]

    def read(self, tile):
        # what nobody has written has a version too, once it is read
        return self.current.setdefault(tile, tile + (0,))

    def unwritten(self, tile):
        return tile not in self.current and \
            self.plan.matrices[tile[0]][1] == TEMP

    def task(self, entry):
        e = self.plan.entries[entry]
        operands = self.plan.operands[e[8]:e[8] + e[9]]
        self.number += 1
        reads, writes = [], []
        for o in operands:
            for tile in self.tiles(o):
                if o[1] != WRITE:
                    reads.append("0" if o[1] == BOTH and self.unwritten(tile)
                                 else self.version(self.read(tile)))
                else:
                    reads.append(None)
                if o[1] != READ:
                    writes.append(tile)
        for tile in writes:
            self.current[tile] = tile + (self.number,)
        self.show(e, reads, writes)

    def version(self, v):
        name = self.plan.name("matrices", v[0])
        return f"{name}[{v[1]},{v[2]}]" + (f"@{v[3]}" if v[3] else "")

    def show(self, e, reads, writes):
        out = ", ".join(self.version(t + (0,)) for t in writes)
        flags = ",".join(n for k, n in enumerate(KERNEL_FLAGS)
                         if e[2] >> k & 1)
        args = [float(self.b.value(k))
                for k, in self.plan.args[e[10]:e[10] + e[11]]]
        if len(args) == 1 and args[0] == 1 and e[1] <= 4:
            args = []
        inner = ", ".join(r for r in reads if r is not None)
        for k, value in enumerate(args):
            inner += (", " if k or reads else "") + number_text(value)
        print(f"{self.number}: {out}{' = ' if writes else ''}"
              f"{KERNELS[e[1]]}{'[' + flags + ']' if flags else ''}({inner})"
              f"{self.line(e[13])}")

    def line(self, place):
        if place == NONE:
            return ""
        at = self.plan.places[place]
        while at[4] != NONE and self.plan.sources[at[0]][1] == NONE:
            at = self.plan.places[at[4]]
        return f"  # line {at[1]}"

    def next_turn(self):
        entry, high, step = self.loops[-1]
        e = self.plan.entries[entry]
        if e[0] == LOOP:
            self.b.slots[e[4]] += step
            if self.b.slots[e[4]] >= high:
                self.loops.pop()
                return e[3]
        return entry + 1

    def run(self):
        at, entries = 0, self.plan.entries
        while True:
            while self.loops and at == entries[self.loops[-1][0]][3]:
                depth = len(self.loops)
                at = self.next_turn()
                if len(self.loops) == depth:
                    break
            if at >= len(entries):
                return
            at = self.step(at)

    def step(self, at):
        kind, _, _, end, a, b, c, d, first = self.plan.entries[at][:9]
        operands = self.plan.operands[first:]
        if kind == LOOP:
            low, high, step = (self.b.value(x) for x in (b, c, d))
            if step < 1:
                raise Stop("step of a loop")
            self.b.slots[a] = low
            if low >= high or end == at + 1:
                return end
            self.loops.append((at, high, step))
        elif kind == IF:
            return at + 1 if self.b.value(a) else self.otherwise[at]
        elif kind == ELSE:
            return end
        elif kind == REPEAT:
            self.loops.append((at, None, None))
        elif kind in (BREAK, CONTINUE):
            del self.loops[len(self.loops) - a + 1:]
            at = self.plan.entries[self.loops[-1][0]][3]
            if kind == BREAK:
                self.loops.pop()
            return at
        elif kind == SET:
            self.b.slots[a] = self.b.value(b)
        elif kind == FETCH:
            self.tiles(operands[0])
            self.b.slots[a] = 1
        elif kind == TASK:
            self.task(at)
        elif kind == ALIAS:
            (target,), (source,) = (self.tiles(o) for o in operands[:2])
            if self.unwritten(source):
                self.current.pop(target, None)
            else:
                self.current[target] = self.read(source)
        elif kind == RELEASE:
            for tile in self.tiles(operands[0]):
                self.current.pop(tile, None)
        elif kind == ASSERT and not self.b.value(a):
            raise Stop(self.b.text(b))
        return at + 1


def main():
    form, path, *rest = sys.argv[1:]
    with open(path, "rb") as file:
        plan = Plan(file.read())
    settings, inputs = {}, {}
    names = [plan.strings[x[0]] for x in plan.inputs]
    for word in rest:
        name, _, value = word.partition("=")
        if name in names:
            inputs[name] = tuple(int(n) for n in value.split("x"))
        else:
            settings[name] = value
    if form == "plan":
        Printer(plan).all()
    else:
        Walk(Binding(plan, settings, inputs)).run()


if __name__ == "__main__":
    try:
        main()
    except (Bad, Stop, Fault) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
