# Three hosts, which are network namespaces on one switch: the same bits as on
# one thread, also when a link is cut, for a moment or for good, and when two
# hosts lose sight of one another.  Skipped where namespaces are not allowed.
set -e
name=tm$$
cleanup() {
    kill $(jobs -p) 2>/dev/null || :
    for h in 0 1 2; do
        ip netns delete $name-$h 2>/dev/null || :
    done
}
trap cleanup EXIT

# Host h is 10.77.0.(h + 1); host 0 has the switch.
make_hosts() {
    for h in 0 1 2; do
        ip netns add $name-$h || return
        ip -n $name-$h link set lo up || return
    done
    ip -n $name-0 link add switch type bridge || return
    ip -n $name-0 address add 10.77.0.1/24 dev switch || return
    ip -n $name-0 link set switch up || return
    for h in 1 2; do
        ip -n $name-0 link add port$h type veth peer name eth netns $name-$h ||
            return
        ip -n $name-0 link set port$h master switch || return
        ip -n $name-0 link set port$h up || return
        ip -n $name-$h address add 10.77.0.$((h + 1))/24 dev eth || return
        ip -n $name-$h link set eth up || return
    done
}
make_hosts 2>/dev/null || exit 77

cat >work.tm <<'TM'
param n = 1000
param turns = 40
tile 125
A = randn(n, n) / 36
C = A * A
print("begun", C(0,0))
for k in 0..turns
  C = C * A + A
end
output C
TM
"$TMRUN" --threads=1 work.tm >lines
md5sum C.npy >sums

. "$srcdir/tests/shell.sh"
on() { # host, command
    host=$1
    shift
    ip netns exec $name-$host "$@"
}
# A worker on each host; the run is in the middle of it.
begin() { # seconds of silence
    rm -f C.npy
    : >out
    on 0 "$TMRUN" -v --listen=tcp://10.77.0.1:7070 --insecure --workers=3 \
        --heartbeat=$1 work.tm >out 2>err &
    run=$!
    workers=
    for h in 0 1 2; do
        on $h "$TMRUN" --join=tcp://10.77.0.1:7070 --insecure --threads=1 \
            2>err_$h &
        workers="$workers $!"
    done
    await grep -q begun out
}
ends_right() { # what happened, how many are lost
    status=0
    wait $run || status=$?
    test $status = 0 || fail "$1: status $status: $(cat err)"
    cmp lines out && md5sum --quiet -c sums || fail "$1: another result"
    lost=$(sed -n 's/^tmrun: \([0-9]*\) workers were lost.*/\1/p' err)
    test "${lost:-0}" = $2 || fail "$1: ${lost:-0} are lost: $(cat err)"
    wait $workers || : # who was given up ends with status 4
}

begin 10
ends_right "three hosts" 0

begin 10
ip -n $name-0 link set port1 down
sleep 1
ip -n $name-0 link set port1 up
ends_right "a link was cut and restored" 0

begin 2
ip -n $name-0 link set port1 down
await grep -q "was silent for 2 s" err
ip -n $name-0 link set port1 up
ends_right "a link was cut for long" 1

begin 2
ip -n $name-1 route add blackhole 10.77.0.3
ends_right "two hosts can't reach one another" 1
grep -q "cannot be reached by worker" err || fail "not said who: $(cat err)"
ip -n $name-1 route delete blackhole 10.77.0.3
