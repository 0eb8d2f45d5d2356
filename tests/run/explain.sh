# tmc --explain beside other ways to count: the tasks of --emit=tasks, the
# flops that tmrun -v has carried out, formulas with the sizes put in.  And
# the page of --explain=html is well-formed, with the same numbers.
test -n "$PYTHON" || exit 77
cp "$srcdir"/tests/programs/*.tm "$srcdir"/tests/dump/explain*.tm .
cat >escapes.tm <<'END'
# <b> & "quotes" ' in a script
input X(m, n)
s = sum(X)  # é <i>
print("<script>alert(1)</script> &amp;", s)
END
"$PYTHON" - "$TMC" "$TMRUN" <<'END'
import re, subprocess, sys
import xml.etree.ElementTree as xml

tmc, tmrun = sys.argv[1:]
failed = 0


def wrong(*what):
    global failed
    failed = 1
    print(*what)


def run(*words, status=0):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != status:
        wrong(words, done.returncode, done.stderr)
    return done.stdout, done.stderr


SCALE = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def number(text, unit):
    m = re.fullmatch(r"([\d.e+-]+) ([kMGT]?)" + unit, text)
    return float(m[1]) * SCALE[m[2]]


def explain(script, *options):
    """Lines as {line: (flops, {kernel: tasks})}, and the last line."""
    text = run(tmc, "--explain", "-Wno-all", *options, script)[0]
    lines, line = {}, None
    for row in text.splitlines()[1:]:
        m = re.match(r" *(\d+) \| ", row)
        if m:
            line = int(m[1])
        m = re.match(r"      \| ([^,]*flop), [^:]*: (.*)$", row)
        if m:
            kernels = dict(reversed(k.split()) for k in m[2].split(", "))
            lines[line] = number(m[1], "flop"), {
                k: int(n) for k, n in kernels.items()}
    return lines, text.splitlines()[-1]


def tasks(script, *options):
    lines = {}
    for row in run(tmc, "--emit=tasks", "-Wno-all", *options,
                   script)[0].splitlines():
        kernel = re.match(r"\d+: (?:.* = )?(\w+)[\[(]", row)[1]
        line = int(re.search(r"# line (\d+)$", row)[1])
        of = lines.setdefault(line, {})
        of[kernel] = of.get(kernel, 0) + 1
    return lines


for script, *options in [
    ("01_gemm_tiles.tm", "-Dm=500", "-Dn=300", "-Dk=200", "-Dl=200"),
    ("02_gemm_matrix.tm", "-Dm=500", "-Dn=300", "-Dk=200"),
    ("03_cholesky.tm", "-Dn=700"),
    ("06_ridge.tm", "-Dm=501", "-Dn=301"),
    ("10_tsqr.tm", "-Dm=3000", "-Dn=40"),
    ("explain.tm", "-Dm=70", "-Dn=31"),
]:
    for tile in "--tile=64", "--tile=97":
        try:
            got, _ = explain(script, tile, *options)
            want = tasks(script, tile, *options)
        except Exception as error:
            wrong(script, tile, repr(error))
            continue
        got = {line: kernels for line, (_, kernels) in got.items()}
        if not want or got != want:
            wrong(script, tile, got, want)

# What a run does is what was said before.
open("run.tm", "w").write("""
A = rand(300, 200)
B = A' * A + eye(200)
x = B \\ ones(200, 1)
[Q, R] = qr(A)
print(norm(x), sum(R))
""")
said = explain("run.tm")[1]
did = run(tmrun, "-v", "-Wno-all", "run.tm")[1]
flops = number(re.match(r"total: (.*?flop),", said)[1], "flop")
done, count = re.search(r"(\d+) tasks, ([\d.e+-]+) GF", did).groups()[::-1]
if not said.endswith(f"{count} tasks") or f"{flops / 1e9:.4g}" != done:
    wrong(said, did)

# Formulas.
open("formulas.tm", "w").write("""
input A(m, k)
input B(k, n)
input c(m, 1)
param t = 3
C = A * B
D = 2 * C + c .* C - 1
s = A' * (c + c)
for i in 0..4
  D = exp(D * C')
  D = D * C
end
output D, s, C
""".replace("D = exp(D * C')\n  D = D * C", "D = exp(D + C)\n  C = A * B"))
sizes = {"m": 50, "n": 33, "k": 20}
formula = {}
for row in run(tmc, "--explain", "-Wno-all", "formulas.tm")[0].splitlines():
    m = re.match(r" *(\d+) \| ", row)
    line = int(m[1]) if m else line if "|" in row else 0
    m = re.match(r"      \| (.*) flop: ", row)
    if m:
        formula[line] = m[1]
got, _ = explain("formulas.tm", "--tile=16", *[f"-D{k}={v}" for k, v in
                                               sizes.items()])
for line, (flops, _) in got.items():
    want = eval(formula[line].replace("^", "**"), sizes)
    if abs(flops - want) > 1e-3 * want:
        wrong("line", line, formula[line], flops, want)
if len(got) != 6:
    wrong("lines", got)

# The page.
for script in "explain.tm", "escapes.tm", "explain_data.tm":
    for options in [], ["-Dm=40", "-Dn=30"]:
        text = run(tmc, "--explain", "-Wno-all", *options, script)[0]
        page = run(tmc, "--explain=html", "-Wno-all", *options, script)[0]
        run(tmc, "--explain=html", "-Wno-all", *options, script, "-o",
            "page.html")
        if open("page.html").read() != page:
            wrong(script, "-o differs")
        root = xml.fromstring(page)
        shown = "".join(root.find("body").itertext())
        for word in re.findall(r"\d[\d.]* [kMG]?(?:flop|B)\b|\d+ [a-z]+\b",
                               text.split("\n", 2)[2]):
            if word.endswith((" tasks", " task")):
                word = word.split()[0]
            if word not in shown and not re.match(r"\d+ [|=]", word):
                wrong(script, "the page lacks", word)
        rows = ["".join(code.itertext()) for cell in root.iter("td")
                for code in cell.findall("code")]
        if rows != open(script).read().splitlines():
            wrong(script, "the page has other lines", rows)
        if "http" in page:
            wrong(script, "the page wants a network")

# Mistakes of the command line; a script with errors makes no page.
open("bad.tm", "w").write("x = y\n")
for status, *words in [(2, "--explain=pdf", "explain.tm"),
                       (2, "--explain", "--check", "explain.tm"),
                       (1, "--explain=html", "bad.tm", "-o", "bad.html"),
                       (6, "--explain", "explain.tm", "-o", "no/a.txt")]:
    run(tmc, *words, status=status)
try:
    open("bad.html")
    wrong("a page of a wrong script")
except FileNotFoundError:
    pass
sys.exit(failed)
END
