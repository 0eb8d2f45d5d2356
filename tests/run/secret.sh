# Workers that join over tcp with a secret: the same bits, whatever others send
# to the port, and who is refused is counted.  Skipped without libsodium.
set -e
dir=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$dir"' EXIT
client=$(cd "$(dirname "$0")" && pwd)/secret.py

. "$srcdir/tests/shell.sh"
listens() {
    grep -q ":$(printf %04X $1) 00000000:0000 0A" /proc/net/tcp
}

cat >work.tm <<'TM'
param n = 600
tile 100
A = randn(n, n) / 24
B = A
for k in 0..20
  B = B * A + A
end
print("norm ", norm(B))
output B
TM
head -c 32 /dev/urandom >key
head -c 32 /dev/urandom >wrong
head -c 15 /dev/urandom >short
chmod 600 key wrong short

# ---- files -----------------------------------------------------------------
refused() { # words, file
    status=0
    "$TMRUN" --join=tcp://127.0.0.1:1 --secret-file=$2 2>err || status=$?
    test $status = 2 || test $status = 3 || fail "$2: status $status"
    grep -q "$1" err || fail "$2: $(cat err)"
}
if "$TMRUN" --join=tcp://127.0.0.1:1 --secret-file=short 2>&1 |
    grep -q "without libsodium"; then
    exit 77
fi
refused "fewer than 16 bytes" short
refused "No such file" missing
refused "is no file" .
cp key open
chmod 640 open
refused "must have mode 0600" open
status=0
"$TMRUN" --secret-file=key work.tm 2>err || status=$?
test $status = 2 || fail "a secret for nobody: status $status"

# ---- runs ------------------------------------------------------------------
"$TMRUN" --threads=1 work.tm >lines
md5sum B.npy >sums
command -v python3 >/dev/null || exit 77

begin() {
    rm -f B.npy
    port
    "$TMRUN" -v --listen=tcp://127.0.0.1:$p --secret-file=key --workers=2 \
        work.tm >out 2>err &
    run=$!
    await listens $p
}
join() { # port, file
    "$TMRUN" --join=tcp://127.0.0.1:$1 --secret-file=$2 --threads=1 \
        2>err_$2 &
}
ends_right() {
    status=0
    wait $run || status=$?
    test $status = 0 || fail "$1: status $status: $(cat err)"
    cmp lines out && md5sum --quiet -c sums || fail "$1: another result"
}
turned_away() { # file, why
    status=0
    "$TMRUN" --join=tcp://127.0.0.1:$p --secret-file=$1 2>err_$1 || status=$?
    test $status = 2 || fail "$1: status $status"
    grep -q "the run at tcp.* refuses this worker: $2" err_$1 ||
        fail "$1: $(cat err_$1)"
}
counted() {
    grep -q "refused:.*[0-9] $1" err || fail "not counted: $1: $(cat err)"
}

begin
join $p key
join $p key
ends_right "two workers"
! grep refused err || fail "a worker was refused"

begin
join $p key
for what in garbage version forged truncated crowd; do
    python3 "$client" $p $what || fail "$what: $(cat err)"
done
python3 "$client" $p silent &
silent=$!
python3 "$client" $p slow || fail "slow: $(cat err)"
turned_away wrong "it asks for a secret, and this is another"
wait $silent
# The bytes of a worker's connection, of which one is changed on the way.
at=$p
port
python3 "$client" $at relay $p "$dir/said" 1000 &
relay=$!
await listens $p
join $p key
ends_right "a hostile world"
kill $relay
counted "spoke another protocol"
counted "had another version of it"
counted "did not know the secret"
counted "took too long to prove it"
counted "gave way to later ones"
counted "left before they had proved it"
counted "sent a record that was damaged"

# Without a secret, where the other has one.
begin
status=0
"$TMRUN" --join=tcp://127.0.0.1:$p 2>err_none || status=$?
test $status = 2 || fail "no secret: status $status"
grep -q "it asks for a secret" err_none || fail "no secret: $(cat err_none)"
join $p key
join $p key
ends_right "a worker without the secret"
counted "did not know the secret"
rm -f B.npy
port
"$TMRUN" --listen=tcp://127.0.0.1:$p work.tm >out 2>err &
run=$!
await listens $p
turned_away wrong "it asks for no secret"
"$TMRUN" --join=tcp://127.0.0.1:$p --threads=1
ends_right "a worker with a secret too many"
counted "had a secret, and none is asked for"

# What a worker said, once more.
test -s "$dir/said" || fail "nothing was recorded"
begin
python3 "$client" $p replay "$dir/said" || fail "replay: $(cat err)"
join $p key
join $p key
ends_right "a replayed session"
counted "did not know the secret"
