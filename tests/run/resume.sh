# Runs that are killed and go on from their checkpoints, on other threads,
# worker processes or memory: the same bytes, nothing that was saved is done or
# printed again.  Then checkpoints that are torn, damaged, or not to be had.
set -e
. "$srcdir/tests/shell.sh"
cat > chol.tm <<'END'
param n = 1400
tile 100
A = randn(n, n) / 8
L = chol(A + A' + n * eye(n))
print("sum", sum(L))
output L
END
turns 600 150 > turns.tm

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
# unless it was over before (and its checkpoints gone)
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
    ! wait $pid 2> /dev/null && test -n "$(newest saved)"
}

# killed JOB CHECKPOINTS [OPTION...]
killed() {
    job=$1
    number=$2
    shift 2
    stopped "$number" "$TMRUN" --threads=2 --checkpoint=saved \
        --checkpoint-every=0.002s "$@" "$job.tm"
}

# resumed JOB [OPTION...]: the rest of the run has the bytes of the whole one,
# its lines but those that were printed before, and does what is left
resumed() {
    job=$1
    shift
    rm -f -- *.npy
    "$TMRUN" -v --threads=1 --resume=saved --checkpoint-every=1h "$@" \
        > lines 2> told || {
        cat told
        exit 1
    }
    same "files of $job" "$(cksum < "$(ls -- *.npy)")" \
        "$(cksum < "whole.$job")"
    tail -n "$(wc -l < lines)" "lines.$job" > wanted
    same "last lines of $job" "$(cat lines)" "$(cat wanted)"
    missing=$(($(wc -l < "lines.$job") - $(wc -l < lines)))
    test "$missing" -le "$(wc -l < lines.killed)" || {
        echo "$missing lines of $job are missing"
        exit 1
    }
    done=$(sed -n 's/.*checkpoint-[0-9]*: \([0-9]*\) tasks were done$/\1/p' told)
    left=$(sed -n 's/^tmrun: \([0-9]*\) tasks,.*/\1/p' told)
    case $* in
    *--workers*) left=$((left - done)) ;; # it counts all that are done
    esac
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
    # tiles of worker processes, and for them; tiles that are spilled
    if killed $job 2 --workers=2; then
        resumed $job --workers=3
    fi
    if killed $job 2 --workers=2; then
        resumed $job
    fi
    if killed $job 2; then
        resumed $job --workers=2
    fi
    if killed $job 3 --memory=2M --spill=.; then
        resumed $job --memory=3M --spill=.
    fi
    if killed $job 3; then
        resumed $job --memory=2M --spill=.
    fi
done

# A worker that is killed while its tiles are saved, or on their way to it.
if killed turns 2 --workers=3; then
    rm -f -- *.npy
    "$TMRUN" --resume=saved --checkpoint-every=0.01s --workers=3 \
        > lines 2> told &
    pid=$!
    for turn in 1 2; do
        sleep 0.1
        worker=$(cut -d ' ' -f 1 "/proc/$pid/task/$pid/children") || break
        kill -9 "$worker" || true
    done 2> /dev/null
    wait $pid || {
        cat told
        exit 1
    }
    same "files after losses" "$(cksum < x.npy)" "$(cksum < whole.turns)"
fi

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

    # both damaged, of someone else, in use
    rm -rf saved
    cp -r before saved
    chmod go+w saved/checkpoint-*
    refused "others may write it" "$TMRUN" --resume=saved
    chmod go-w saved/checkpoint-*
    for file in saved/checkpoint-*; do
        truncate -s 100 "$file"
    done
    refused "is damaged" "$TMRUN" --resume=saved
    rm -rf saved
    cp -r before saved
    refused "of an earlier run" "$TMRUN" --checkpoint=saved turns.tm
    flock saved "$TMRUN" --resume=saved > /dev/null 2> told && exit 1
    says "another run saves in"
    refused "has its plan" "$TMRUN" --resume=saved turns.tm
    refused "has its plan" "$TMRUN" --resume=saved -D n=601
fi

mkdir empty
refused "no checkpoint in empty" "$TMRUN" --resume=empty
rm -rf saved
refused "writes .npy files" "$TMRUN" --checkpoint=saved turns.tm x=x.csv
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
    refused "a.csv has changed" "$TMRUN" --resume=saved
fi

# A full disk: two fit and no third.  It is said, the run goes on, and the last
# ones stay.
cat > full.sh <<'END'
set -e
mount -t tmpfs -o size=8M none small || exit 77
"$TMRUN" --checkpoint=small/saved --checkpoint-every=0.002s turns.tm \
    > lines.killed 2> told &
pid=$!
while kill -0 $pid 2> /dev/null && ! grep -q "No space" told; do
    sleep 0.005
done
kill -9 $pid 2> /dev/null || true
if wait $pid 2> /dev/null; then
    exit 0
fi
cp -r small/saved .
END
for how in -m -rm; do
    mkdir -p small
    unshare $how sh -c 'mount -t tmpfs none small' 2> /dev/null || continue
    rm -rf saved
    TMRUN=$TMRUN unshare $how sh full.sh
    test -d saved || break # it was over before
    says "cannot write small/saved/checkpoint-.*No space left on device"
    resumed turns
    break
done
