/* Checkpoints that were cut short or changed, at every place: the one before is
 * used, or it is said that none is whole; and with a check value that is right
 * again nothing worse than an error happens.  Works in a folder of its own, in
 * memory where that can be: each run waits for its files to be on the disk. */
#include "tests/unit/check.h"
#include "tests/unit/checkpoint_make.h"

enum { EXECUTE_EVERY = 61 };

static char names[2][64]; /* the newest first */
static struct bytes files[2], whole;

static void on_note(void *user, const char *text)
{
    *(int *)user += strstr(text, "is damaged") != NULL;
}

static void restore(void)
{
    int k;

    mkdir("saved", 0700);
    for (k = 0; k < 2; k++)
        bytes_write(names[k], files[k].data, files[k].size);
}

static int same_result(void)
{
    struct bytes b = bytes_read("B.npy");
    int same = b.size == whole.size && !memcmp(b.data, whole.data, b.size);

    free(b.data);
    return same;
}

/* The newest is damaged: the one before serves; now and then it is run. */
static int one_before(size_t k)
{
    int said = 0, execute = k % EXECUTE_EVERY == 0;
    enum tm_status status = checkpoint_try("saved", execute, on_note, &said);

    if (!status && execute) {
        if (said != 1 || !same_result())
            return 0;
        restore();
    }
    return !status;
}

static void cut(void)
{
    size_t k, good = 0;

    restore();
    for (k = 0; k < files[0].size; k++) {
        bytes_write(names[0], files[0].data, k);
        good += (size_t)one_before(k);
    }
    CHECK(good == files[0].size);
}

static void change(void)
{
    size_t k, good = 0;

    restore();
    for (k = 0; k < files[0].size; k++) {
        files[0].data[k] ^= (unsigned char)(1 + k % 255);
        bytes_write(names[0], files[0].data, files[0].size);
        good += (size_t)one_before(k);
        files[0].data[k] ^= (unsigned char)(1 + k % 255);
    }
    CHECK(good == files[0].size);
}

static void both(void)
{
    restore();
    bytes_write(names[0], files[0].data, files[0].size - 1);
    bytes_write(names[1], files[1].data, files[1].size - 1);
    CHECK(checkpoint_try("saved", 0, NULL, NULL) == TM_EFILE);
    unlink(names[0]);
    unlink(names[1]);
    CHECK(checkpoint_try("saved", 0, NULL, NULL) == TM_EUSAGE);
}

/* Behind the plan everything is run too: a plan is somebody's word, what it
 * may do is tested elsewhere. */
static void repaired(void)
{
    struct bytes *f = &files[0];
    size_t told = bytes_told(*f), k;
    unsigned char was;

    unlink(names[1]);
    for (k = 0; k < 2 * (f->size - CHECKPOINT_CHECK); k++) {
        was = f->data[k / 2];
        f->data[k / 2] ^= k & 1 ? 0xff : (unsigned char)(1 << k / 2 % 8);
        bytes_repair(*f);
        bytes_write(names[0], f->data, f->size);
        checkpoint_try("saved", k / 2 >= told, NULL, NULL);
        f->data[k / 2] = was;
    }
    for (k = told + CHECKPOINT_CHECK; k < f->size; k++) {
        struct bytes part = {malloc(k), k};
        memcpy(part.data, f->data, k);
        bytes_repair(part);
        bytes_write(names[0], part.data, k);
        checkpoint_try("saved", 1, NULL, NULL);
        free(part.data);
    }
    CHECK("nothing worse than errors");
    bytes_repair(*f);
    bytes_write(names[0], f->data, f->size);
    CHECK(!checkpoint_try("saved", 1, NULL, NULL) && same_result());
}

/* What fuzzing keeps, behind this run's plan: a byte that says whether to run
 * it, then the rest of a file without its check. */
static void kept(const char *name)
{
    const char *srcdir = getenv("srcdir");
    char path[1024];
    struct bytes rest, b;
    size_t told = bytes_told(files[0]);

    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/checkpoint/%s",
             srcdir ? srcdir : ".", name);
    rest = bytes_read(path);
    CHECK(rest.size > 1);
    b = (struct bytes){malloc(told + rest.size + CHECKPOINT_CHECK),
                       told + rest.size - 1 + CHECKPOINT_CHECK};
    memcpy(b.data, files[0].data, told);
    memcpy(b.data + told, rest.data + 1, rest.size - 1);
    bytes_repair(b);
    bytes_write(names[0], b.data, b.size);
    CHECK(checkpoint_try("saved", 1, NULL, NULL) == TM_EBUG);
    unlink(names[0]);
    free(rest.data);
    free(b.data);
}

int main(void)
{
    char memory[] = "/dev/shm/test_checkpoint.XXXXXX";
    char here[] = "test_checkpoint.XXXXXX";
    const char *folder = mkdtemp(memory);

    if (!folder)
        folder = mkdtemp(here);
    CHECK(folder && !chdir(folder));
    CHECK(!checkpoint_make("saved", 0));
    whole = bytes_read("B.npy");
    CHECK(whole.size > 0);
    CHECK(!checkpoint_make("saved", 8));
    CHECK(checkpoint_names("saved", names) == 2);
    files[0] = bytes_read(names[0]);
    files[1] = bytes_read(names[1]);
    cut();
    change();
    both();
    repaired();
    kept("order-1");
    kept("order-2");
    free(files[0].data);
    free(files[1].data);
    free(whole.data);
    unlink("B.npy");
    rmdir("saved");
    CHECK(!chdir("..") && !rmdir(folder));
    return CHECK_END();
}
