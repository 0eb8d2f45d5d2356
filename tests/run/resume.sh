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

# killed JOB CHECKPOINTS: 1, with so many in the folder, unless it was over
killed() {
    rm -rf saved
    "$TMRUN" --threads=2 --checkpoint=saved --checkpoint-every=0.002s \
        "$1.tm" > lines.killed &
    pid=$!
    while kill -0 $pid 2> /dev/null && test ! -e "saved/checkpoint-$2"; do
        sleep 0.005
    done
    kill -9 $pid 2> /dev/null || true
    ! wait $pid 2> /dev/null
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
    test "$done" -gt 0
    test $((done + left)) -eq "$(cat "tasks.$job")"
    test -z "$(ls -A saved)"
}

# refused TEXT COMMAND...
refused() {
    text=$1
    shift
    if "$@" > /dev/null 2> told; then
        echo "not refused: $*"
        exit 1
    fi
    grep -q "$text" told || {
        cat told
        exit 1
    }
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
    first=$(ls before | grep -v new | sort -t- -k2n | head -1)

    # cut short, a byte changed, nothing in it: the one before
    last=$(ls before | grep -v new | sort -t- -k2n | tail -1)
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
        grep -q "saved/$last is damaged" told
        grep -q "going on from saved/$first:" told
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
rm -rf saved
"$TMRUN" --checkpoint=saved --checkpoint-every=0s input.tm A=a.csv \
    2> /dev/null &
pid=$!
while kill -0 $pid 2> /dev/null && test ! -e saved/checkpoint-2; do
    sleep 0.005
done
kill -9 $pid 2> /dev/null || true
if ! wait $pid 2> /dev/null; then
    printf '1,2\n3,5\n' > a.csv
    refused "of another plan" "$TMRUN" --resume=saved input.tm A=a.csv
fi
