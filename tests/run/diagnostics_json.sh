# tmc --diagnostics=json: one object a line, with what the text form says.
test -n "$PYTHON" || exit 77
cat >bad.tm <<'END'
A = ones(2, 3)
B = A * A
x = "é\q"
sum = 3
print(sum, y)
END
failed=0
"$TMC" --check --diagnostics=json bad.tm >out 2>messages
test $? = 1 || { echo 'another status'; failed=1; }
test -s out && { echo 'something on standard output'; failed=1; }
sed -i 3d bad.tm
"$TMC" --check --diagnostics=json bad.tm 2>later
"$TMC" --check bad.tm 2>text
"$TMC" --format --diagnostics=json - >out 2>format <<'END'
x = [1
END
echo 'x = 1' >unused.tm
"$TMC" --check --diagnostics=json -D nosuch=3 unused.tm 2>define
test $? = 2 || { echo 'an unknown parameter: another status'; failed=1; }
printf 'x = "a\377\tb\\q"\n' | "$TMC" --check --diagnostics=json - 2>bytes
for script in "$srcdir"/tests/diag/*.tm; do
    "$TMC" --check --diagnostics=json "$script" 2>>every
done
"$PYTHON" - <<'END' || failed=1
import json, re

def read(name):
    with open(name, encoding="utf-8") as file:
        return [json.loads(line) for line in file]

keys = ["file", "line", "column", "end_column", "level", "id", "text", "notes"]
[escape] = read("messages")
assert list(escape) == keys, escape
assert escape["id"] == "bad_escape" and escape["line"] == 3
later = read("later")
heads = re.findall(r"^bad.tm:(\d+):(\d+): (\w+): (.*) \[(\w+)\]$",
                   open("text").read(), re.M)
assert [(str(m["line"]), str(m["column"]), m["level"], m["text"], m["id"])
        for m in later] == heads, (later, heads)
inner = later[0]
assert inner["file"] == "bad.tm" and inner["end_column"] == 10, inner
assert inner["notes"][0]["line"] == 1, inner
assert read("format")[0]["id"] == "unclosed"
assert [m["id"] for m in read("define")][-1] is None
assert "nosuch" in read("define")[-1]["text"]
assert all("\n" not in m["text"] for m in read("bytes"))
for m in read("every"):
    assert list(m) == keys and m["level"] in ("error", "warning"), m
    if m["id"]:
        assert m["line"] >= 1 and m["end_column"] > m["column"] >= 1, m
print(len(read("every")), "messages")
END
"$TMC" --check --diagnostics=xml bad.tm 2>message
test $? = 2 || { echo 'a form that there is not: another status'; failed=1; }
grep -q 'text or json' message || { cat message; failed=1; }
exit $failed
