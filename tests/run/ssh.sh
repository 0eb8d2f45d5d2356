# Workers that a real ssh starts, by a server of our own on this host: the same
# bits, also when one is killed, and none is left.  Skipped without sshd.
set -e
PATH=$PATH:/usr/sbin
sshd=$(command -v sshd) && command -v ssh-keygen >/dev/null || exit 77
TMPDIR=$(mktemp -d) # a short one: paths of sockets are
export TMPDIR
trap 'kill $(cat "$TMPDIR/pid" 2>/dev/null) 2>/dev/null || :; rm -rf "$TMPDIR"' EXIT
. "$srcdir/tests/shell.sh"

cat >work.tm <<'TM'
A = rand(1200, 1200)
B = A * A' + 1200 * eye(1200)
k = 0
while k < 60 && norm(B) > 0
  L = chol(B)
  B = L * L'
  print("turn", k)
  k = k + 1
end
output L
TM
"$TMRUN" --threads=1 work.tm >lines
md5sum L.npy >sums

# ---- the server: no passwords, our key alone --------------------------------
ssh-keygen -q -t ed25519 -N "" -f "$TMPDIR/host"
ssh-keygen -q -t ed25519 -N "" -f "$TMPDIR/key"
if test "$(id -u)" = 0; then
    mkdir -p /run/sshd
fi
serve() {
    p=$(($$ % 20000 + 20000 + ${p:-0} % 7919))
    rm -f "$TMPDIR/pid"
    "$sshd" -f /dev/null -p $p -h "$TMPDIR/host" -o ListenAddress=127.0.0.1 \
        -o AuthorizedKeysFile="$TMPDIR/key.pub" -o StrictModes=no \
        -o PidFile="$TMPDIR/pid" -o SetEnv="LD_LIBRARY_PATH=$LD_LIBRARY_PATH BY_SSH=$TMPDIR" \
        -o PasswordAuthentication=no -o PermitRootLogin=yes &&
        sleep 0.2 && test -s "$TMPDIR/pid"
}
ssh="ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o \
UserKnownHostsFile=$TMPDIR/known -o LogLevel=ERROR -i $TMPDIR/key"
await serve
ssh="$ssh -p $p"
$ssh 127.0.0.1 true 2>err || {
    echo "nobody can log in here: $(cat err)"
    exit 77
}

# ---- runs -------------------------------------------------------------------
workers() { # those that the server started
    for environ in /proc/[0-9]*/environ; do
        grep -qs "BY_SSH=$TMPDIR" "$environ" || continue
        case $(readlink "${environ%environ}exe") in
        */tmrun) echo "$environ" | tr -cd '0-9\n' ;;
        esac
    done
}
nobody_left() {
    test -z "$(workers)"
}
ends_right() { # what it is, its status
    test $2 = 0 && cmp lines out || fail "$1: status $2: $(cat err)"
    md5sum --quiet -c sums || fail "$1: another result"
    rm L.npy
    await nobody_left
}
status=0
"$TMRUN" --ssh="$ssh" --hosts=127.0.0.1:1,-:1 work.tm >out 2>err || status=$?
! grep -q "without libsodium" err || exit 77
ends_right "one by ssh, and one here" $status

status=0
"$TMRUN" --ssh="$ssh" --hosts=127.0.0.1:1,127.0.0.1:2 work.tm >out 2>err &
run=$!
await grep -q "turn 0" out
workers >both
test $(wc -l <both) = 2 || fail "not two workers: $(cat both)"
kill -KILL $(head -n 1 both)
wait $run || status=$?
grep -q "ended with status" err || fail "nobody was lost: $(cat err)"
ends_right "one of two was killed" $status

# The run is killed: its workers end.
"$TMRUN" --ssh="$ssh" --hosts=127.0.0.1:1,127.0.0.1:1 work.tm >out 2>err &
run=$!
await grep -q "turn 0" out
kill -KILL $run
wait $run || :
await nobody_left
