# For tests that wait for processes: ". $srcdir/tests/shell.sh".  The file err
# is what they said.
fail() {
    echo "$*"
    exit 1
}
await() { # until a command succeeds
    for ticks in $(seq 600); do
        ! "$@" 2>/dev/null || return 0
        sleep 0.05
    done
    fail "never: $*: $(cat err)"
}
port() { # p: a free one
    while :; do
        p=$((20000 + ($$ * 7 + ${tried:-0} * 101) % 12000))
        tried=$((${tried:-0} + 1))
        grep -q ":$(printf %04X $p) " /proc/net/tcp || break
    done
}
