# Runs that are killed and go on from their checkpoints, on another number of
# threads: the same bytes, and nothing that was saved is done again.  Then
# checkpoints that are torn, damaged, of something else, or not to be had.
set -e
cat > chol.tm <<'END'
param n = 1400
tile 100
A = randn(n, n) / 8
L = chol(A + A' + n * eye(n))
print("sum", sum(L))
output L
END
cat > turns.tm <<'END'
param n = 600
tile 150
A = randn(n, n) / n
A = A + A' + diag(4 + 20 * rand(n, 1))
x = zeros(n, 1)
r = ones(n, 1)
p = r
rr = dot(r, r)
it = 0
while it < 150 && sqrt(rr) > 1e-200
  q = A * p
  alpha = rr / dot(p, q)
  x = x + alpha * p
  r = r - alpha * q
  new = dot(r, r)
  p = r + (new / rr) * p
  rr = new
  it += 1
end
print("turns", it)
output x
END

# numbers FOLDER: of the checkpoints there, as lines, the newest last
numbers() {
    ls "$1" 2> /dev/null | sed -n 's/^checkpoint-\([0-9]*\)$/\1/p' | sort -n
}

newest() {
    numbers "$1" | tail -n 1
}

# same WHAT FOUND WANTED
same() {
    test "$2" = "$3" && return
    echo "$1: $2, and not $3"
    exit 1
}

# stopped CHECKPOINTS COMMAND...: it was killed when that many were written,
# unless it was over before; older ones are gone then
stopped() {
    count=$1
    shift
    rm -rf saved
    "$@" > lines.killed &
    pid=$!
    while kill -0 $pid 2> /dev/null; do
        test "$(newest saved || true)" -ge "$count" 2> /dev/null && break
        sleep 0.005
    done
    kill -9 $pid 2> /dev/null || true
    ! wait $pid 2> /dev/null
}

# killed JOB CHECKPOINTS
killed() {
    stopped "$2" "$TMRUN" --threads=2 --checkpoint=saved \
        --checkpoint-every=0.002s "$1.tm"
}

# resumed JOB [OPTION...]: the rest of the run has the bytes of the whole one,
# and does what is left of its tasks
resumed() {
    job=$1
    shift
    rm -f -- *.npy
    "$TMRUN" -v --threads=1 "$@" --resume=saved --checkpoint-every=1h \
        "$job.tm" > lines 2> told || {
        cat told
        exit 1
    }
    cmp "whole.$job" -- *.npy
    cmp "lines.$job" lines
    done=$(sed -n 's/.*checkpoint-[0-9]*: \([0-9]*\) tasks were done$/\1/p' told)
    left=$(sed -n 's/^tmrun: \([0-9]*\) tasks,.*/\1/p' told)
    same "tasks of $job, $done done before" $((done + left)) \
        "$(cat "tasks.$job")"
    same "what is left in the folder" "$(ls -A saved)" ""
}

# says TEXT: the last run did
says() {
    grep -q "$1" told && return
    echo "not said: $1"
    cat told
    exit 1
}

# refused TEXT COMMAND...
refused() {
    text=$1
    shift
    if "$@" > /dev/null 2> told; then
        echo "not refused: $*"
        exit 1
    fi
    says "$text"
}

for job in chol turns; do
    rm -f -- *.npy
    "$TMRUN" -v --threads=1 "$job.tm" > "lines.$job" 2> told
    sed -n 's/^tmrun: \([0-9]*\) tasks,.*/\1/p' told > "tasks.$job"
    mv -- *.npy "whole.$job"
    for count in 1 3 8; do
        if killed $job $count; then
            resumed $job
        fi
    done
done

if killed turns 3; then
    cp -r saved before
    # the one before the last; who is killed in time leaves three
    first=checkpoint-$(numbers before | tail -n 2 | head -n 1)

    # cut short, a byte changed, nothing in it: the one before
    last=checkpoint-$(newest before)
    for damage in 'truncate -s -9' 'truncate -s 20' 'truncate -s 0' flip; do
        rm -rf saved
        cp -r before saved
        if test "$damage" = flip; then
            printf '\252\125\252' |
                dd of="saved/$last" bs=1 seek=2000 conv=notrunc 2> /dev/null
        else
            $damage "saved/$last"
        fi
        test "$first" != "$last" || continue
        resumed turns
        says "saved/$last is damaged"
        says "going on from saved/$first:"
    done

    # both damaged; another size, seed, output or plan
    rm -rf saved
    cp -r before saved
    refused "of another plan" "$TMRUN" --resume=saved -D n=601 turns.tm
    refused "of another plan" "$TMRUN" --resume=saved --seed=1 turns.tm
    refused "of another plan" "$TMRUN" --resume=saved --tile=90 chol.tm
    refused "of another plan" "$TMRUN" --resume=saved turns.tm x=y.npy
    for file in saved/checkpoint-*; do
        truncate -s 100 "$file"
    done
    refused "is damaged" "$TMRUN" --resume=saved turns.tm
fi

mkdir empty
refused "no checkpoint in empty" "$TMRUN" --resume=empty turns.tm
refused "writes .npy files" "$TMRUN" --checkpoint=saved turns.tm x=x.csv
refused "worker processes" "$TMRUN" --workers=2 --checkpoint=saved turns.tm
refused "spill folder" "$TMRUN" --spill=. --checkpoint=saved turns.tm
refused "not a time\|a time as in" "$TMRUN" --checkpoint-every=5x turns.tm

# An input that has changed since is another one.
printf '1,2\n3,4\n' > a.csv
cat > input.tm <<'END'
input A(m, n)
B = A
k = 0
while sum(B) < 100000000 && k < 3000
  B = B + A
  k += 1
end
output B
END
if stopped 2 "$TMRUN" --checkpoint=saved --checkpoint-every=0s input.tm \
    A=a.csv; then
    printf '1,2\n3,5\n' > a.csv
    refused "of another plan" "$TMRUN" --resume=saved input.tm A=a.csv
fi
