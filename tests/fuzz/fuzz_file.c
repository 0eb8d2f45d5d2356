/* Matrix files from anyone: the first byte picks the format, the rest is the
 * file; whatever opens is read in blocks as each type.
 *
 * Built with -fsanitize=fuzzer, or with -DFUZZ_STANDALONE as a program that
 * reads the inputs that are named. */
#include "runtime/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
const char *__asan_default_options(void);

/* A header that asks for much memory gets none, in place of all of it. */
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:max_allocation_size_mb=256";
}

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Blocks of up to 40 x 40 in the corners and at places that `seed` says. */
static void read_blocks(struct file *file, const struct file_info *info,
                        uint64_t seed)
{
    static char dst[40 * 43 * 16];
    struct tm_error error = {0};
    int64_t row = 0, col = 0, rows, cols;
    int k, type;

    for (k = 0; k < 8; k++) {
        rows = min(info->rows - row, 40);
        cols = min(info->cols - col, 40);
        for (type = TM_F32; type <= TM_C128; type++) {
            error.status = 0;
            if (file_read(file, row, col, rows, cols, (enum tm_type)type, dst,
                          rows + k % 4, &error) == TM_EBUG &&
                (type >= TM_C64 || info->type < TM_C64))
                abort();
        }
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        row = k == 0 ? 0 : (int64_t)((seed >> 1) % ((uint64_t)info->rows + 1));
        col = k == 1 ? 0 : (int64_t)((seed >> 2) % ((uint64_t)info->cols + 1));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const extensions[] = {".npy", ".mtx", ".csv", ""};
    const char *folder = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
    struct tm_error error = {0};
    struct file_info info;
    struct file *file;
    enum tm_status status;
    char path[100];
    int fd;

    if (size == 0)
        return 0;
    snprintf(path, sizeof path, "%s/tilematrix-fuzz-%ld%s", folder,
             (long)getpid(), extensions[bytes[0] % 4]);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes + 1, size - 1) != (ssize_t)(size - 1))
        abort();
    close(fd);
    status = file_open(path, &file, &info, &error);
    unlink(path);
    if (status == TM_OK) {
        read_blocks(file, &info, size * 31 + bytes[size - 1]);
        file_close(file);
    } else if (status != (enum tm_status)error.status || !error.text[0] ||
               strchr(error.text, '\n') || status == TM_EBUG || file) {
        abort();
    }
    return 0;
}

#include "tests/fuzz/standalone.h"
