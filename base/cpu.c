#include "base/cpu.h"

#include <stddef.h>
#ifdef __x86_64__
#include <cpuid.h>

#define NEED(FEATURE)                                                          \
    if (!__builtin_cpu_supports(FEATURE)) {                                    \
        return FEATURE;                                                        \
    }
static const char *lacks_avx512(void)
{
    NEED("avx512f")
    NEED("avx512dq")
    NEED("avx512bw")
    NEED("avx512vl")
    NEED("avx512cd")
    return NULL;
}

static const char *lacks_avx2(void)
{
    NEED("avx2")
    NEED("fma")
    return NULL;
}
#undef NEED

/* Are 512-bit operations as fast as they look?  Measured with our tiles,
 * against 256 bits: 1.6 to 1.9 times on Intel's, 1.75 on AMD's Zen 5 (family
 * 26), whose units are as wide; the AMD families before it do each in two
 * halves, and gain nothing. */
static int is_wide(void)
{
    unsigned a, b, c, d, family;

    if (__builtin_cpu_is("intel"))
        return 1;
    if (!__builtin_cpu_is("amd") || !__get_cpuid(1, &a, &b, &c, &d))
        return 0;
    family = (a >> 8 & 15) + (a >> 20 & 255); /* 15 and what is added to it */
    return family >= 26;
}
#else
static const char *lacks_avx512(void)
{
    return "avx512f";
}

static const char *lacks_avx2(void)
{
    return "avx2";
}

static int is_wide(void)
{
    return 0;
}
#endif

const char *cpu_lacks(enum cpu_kind kind)
{
    return kind == CPU_AVX512 ? lacks_avx512()
           : kind == CPU_AVX2 ? lacks_avx2()
                              : NULL;
}

enum cpu_kind cpu_kind(void)
{
    if (is_wide() && !lacks_avx512())
        return CPU_AVX512;
    return lacks_avx2() ? CPU_PORTABLE : CPU_AVX2;
}
