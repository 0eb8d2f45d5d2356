/* A main for fuzz targets that are built without a fuzzer: runs the files of
 * its arguments, once each. */
#ifdef FUZZ_STANDALONE
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    static uint8_t bytes[1 << 20];
    int k;

    for (k = 1; k < argc; k++) {
        FILE *in = fopen(argv[k], "rb");
        size_t size;

        if (!in) {
            perror(argv[k]);
            return 1;
        }
        size = fread(bytes, 1, sizeof bytes, in);
        fclose(in);
        LLVMFuzzerTestOneInput(bytes, size);
    }
    return 0;
}
#endif
