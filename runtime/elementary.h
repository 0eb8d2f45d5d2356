/* Elementary functions of real numbers, for loops that become vector code: no
 * branches, no tables, and no integers that AVX2 can't convert.
 *
 * Only +, -, *, / in a fixed order, none fused: the same bits in vectors of
 * any width, in what is left after them, and with any C library.  Errors are
 * below 0.6 ulp (exp), 0.8 ulp (exp where it is subnormal) and 0.9 ulp (log);
 * f32 is computed in double, with errors below 0.51 ulp.
 *
 * Polynomials interpolate at Chebyshev's nodes, with coefficients rounded to
 * double; their own error is below 0.01 ulp.
 *
 * Sources: W. Cody, W. Waite, "Software Manual for the Elementary Functions",
 * 1980 (reduction); P.-T. P. Tang, "Table-driven implementation of the
 * exponential function", ACM Trans. Math. Softw. 15 (1989), and of the
 * logarithm, 16 (1990) (keeping what sums round off). */
#ifndef RUNTIME_ELEMENTARY_H
#define RUNTIME_ELEMENTARY_H

#include "runtime/kernel_private.h"

#include <math.h>
#include <string.h>

/* Part of each copy of a loop: calls would keep it from becoming vectors. */
#define ELEMENTARY static inline __attribute__((always_inline))

/* Adding it rounds to a whole number, which the last bits then hold. */
#define ELEMENTARY_SHIFT 0x1.8p52

/* log 2 in two parts, the first so short that its products with exponents are
 * exact. */
#define ELEMENTARY_LN2_HIGH 0x1.62e42fefa2p-1
#define ELEMENTARY_LN2_LOW  0x1.9ef35793c7673p-41

/* 2^n, for n + ELEMENTARY_SHIFT and n from -1022 to 1023. */
ELEMENTARY double elementary_power(double shifted)
{
    uint64_t bits;
    double x;

    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 52) + 0x3ff0000000000000u;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* x = n log 2 + r with |r| <= log(2) / 2, e^x = 2^n (1 + r + r^2 q(r)).  What
 * the reduction and 1 + r round off goes to the small terms.  2^n is taken in
 * two factors: it may leave the range where the result does not, and a
 * subnormal result is rounded by the second alone. */
ELEMENTARY double exp_f64(double x)
{
    double n, high, low, r, q, one, rest, half;

    x = x > 710 ? 710 : x; /* infinity, and 0 */
    x = x < -746 ? -746 : x;
    n = (x * 1.442695040888963407 + ELEMENTARY_SHIFT) - ELEMENTARY_SHIFT;
    high = x - n * ELEMENTARY_LN2_HIGH;
    low = n * ELEMENTARY_LN2_LOW;
    r = high - low;
    q = 0x1.1f730349868cep-29;
    q = q * r + 0x1.af4de97ca4194p-26;
    q = q * r + 0x1.27e4db646b17ep-22;
    q = q * r + 0x1.71de0231960ebp-19;
    q = q * r + 0x1.a01a01a6d889cp-16;
    q = q * r + 0x1.a01a01abe7fe1p-13;
    q = q * r + 0x1.6c16c16c162d4p-10;
    q = q * r + 0x1.11111111100dcp-7;
    q = q * r + 0x1.5555555555556p-5;
    q = q * r + 0x1.5555555555557p-3;
    q = q * r + 0.5;
    one = 1 + r;
    rest = (r - (one - 1)) + ((high - r) - low) * one;
    half = n * 0.5 + ELEMENTARY_SHIFT;
    return (one + (rest + r * r * q)) * elementary_power(half) *
           elementary_power((n - (half - ELEMENTARY_SHIFT)) + ELEMENTARY_SHIFT);
}

/* As exp_f64, in double: 2^n is always within range. */
ELEMENTARY float exp_f32(float a)
{
    double x = (double)a, n, r, q;

    x = x > 90 ? 90 : x;
    x = x < -110 ? -110 : x;
    n = (x * 1.442695040888963407 + ELEMENTARY_SHIFT) - ELEMENTARY_SHIFT;
    r = x - n * 0.69314718055994530942;
    q = 0x1.a124f19fe89acp-13;
    q = q * r + 0x1.6d43246b523b4p-10;
    q = q * r + 0x1.1110e0f238322p-7;
    q = q * r + 0x1.5554e9063586ep-5;
    q = q * r + 0x1.5555555a78ed4p-3;
    q = q * r + 0x1.0000000b9129bp-1;
    return (float)((1 + (r + r * r * q)) *
                   elementary_power(n + ELEMENTARY_SHIFT));
}

/* x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), for normal x > 0. */
ELEMENTARY double elementary_parts(double x, double *f)
{
    const uint64_t one = 0x3ff0000000000000u, root = 0x3fe6a09e667f3bcdu;
    uint64_t bits, biased;
    double e, m;

    memcpy(&bits, &x, sizeof bits);
    bits += one - root; /* the exponent now counts from sqrt(1/2) */
    biased = bits >> 52 | 0x4330000000000000u; /* 2^52 + e + 1023 */
    memcpy(&e, &biased, sizeof e);
    bits = (bits & 0x000fffffffffffffu) + root;
    memcpy(&m, &bits, sizeof m);
    *f = m - 1;
    return e - (0x1p52 + 1023);
}

/* With s = f / (2 + f), log(1 + f) = 2 s + s R(s^2), and 2 s = f - s f: written
 * as f - (f^2/2 - s (f^2/2 + R)), whose large term is exact. */
ELEMENTARY double log_f64(double x)
{
    int tiny = x < 0x1p-1022;
    double f, s, z, r, half, y;
    double e = elementary_parts(tiny ? x * 0x1p54 : x, &f);

    e = tiny ? e - 54 : e;
    s = f / (2 + f);
    z = s * s;
    half = 0.5 * f * f;
    r = 0x1.e6b14bf9246a9p-4;
    r = r * z + 0x1.debeb0e5d974ap-4;
    r = r * z + 0x1.111d2832da632p-3;
    r = r * z + 0x1.3b137b2ece4bcp-3;
    r = r * z + 0x1.745d17d365b46p-3;
    r = r * z + 0x1.c71c71c64c6c3p-3;
    r = r * z + 0x1.249249249295ap-2;
    r = r * z + 0x1.9999999999998p-2;
    r = r * z + 0x1.5555555555555p-1;
    y = s * (half + r * z) + e * ELEMENTARY_LN2_LOW;
    y = e * ELEMENTARY_LN2_HIGH - ((half - y) - f);
    y = x < INFINITY ? y : x; /* infinity and NaN */
    y = x == 0 ? -INFINITY : y;
    return x < 0 ? NAN : y;
}

/* As log_f64, in double, where subnormal f32 are normal. */
ELEMENTARY float log_f32(float a)
{
    double x = (double)a, f, s, z, r, y;
    double e = elementary_parts(x, &f);

    s = f / (2 + f);
    z = s * s;
    r = 0x1.ddcf7101b6372p-3;
    r = r * z + 0x1.245c40aecb50cp-2;
    r = r * z + 0x1.9999eb63e783dp-2;
    r = r * z + 0x1.5555554bb1b2fp-1;
    y = e * 0.69314718055994530942 + (2 * s + s * (r * z));
    y = x < INFINITY ? y : x;
    y = x == 0 ? -INFINITY : y;
    return (float)(x < 0 ? NAN : y);
}

#endif
