/* Fuzz target: any bytes as a checkpoint.
 *
 * The input's first byte says what the others are.  Odd: the state, tiles and
 * outputs of a run of a small plan, which goes on with them to its end; even:
 * what is said of the plan and its bindings too, and nothing is run, since
 * plans and what they may do are fuzzed elsewhere.  Header and check value are
 * right.  With FUZZ_STANDALONE it is a program that runs the files of its
 * arguments. */
#include "tests/unit/checkpoint_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes told; /* header, plan and bindings of a real run */
static char folder[] = "/tmp/fuzz_checkpoint.XXXXXX";
static char saved[64], file[128]; /* in there */

static void end(void)
{
    char path[64];

    unlink(file);
    rmdir(saved);
    snprintf(path, sizeof path, "%s/B.npy", folder);
    unlink(path);
    rmdir(folder);
    free(told.data);
}

/* The real run's folder is the current one, so its output is to go there. */
static void begin(void)
{
    char names[2][64], *here = getcwd(NULL, 0);
    int k;

    if (!here || !mkdtemp(folder) || chdir(folder) ||
        checkpoint_make("real", 3) || !checkpoint_names("real", names))
        abort();
    told = bytes_read(names[0]);
    told.size = bytes_told(told);
    for (k = 0; k < 2; k++)
        unlink(names[k]);
    rmdir("real");
    if (chdir(here))
        abort();
    free(here);
    snprintf(saved, sizeof saved, "%s/saved", folder);
    snprintf(file, sizeof file, "%s/checkpoint-1", saved);
    mkdir(saved, 0700);
    atexit(end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int execute = size && data[0] & 1;
    size_t before;
    struct bytes b;

    if (!told.data)
        begin();
    if (!size)
        return 0;
    before = execute ? told.size : CHECKPOINT_HEADER;
    b.size = before + size - 1 + CHECKPOINT_CHECK;
    b.data = malloc(b.size);
    if (!b.data)
        return 0;
    memcpy(b.data, told.data, before);
    memcpy(b.data + before, data + 1, size - 1);
    bytes_repair(b);
    bytes_write(file, b.data, b.size);
    free(b.data);
    checkpoint_try(saved, execute, NULL, NULL);
    return 0;
}

#include "tests/fuzz/standalone.h"
