/* Elementary functions of real numbers, for loops that become vector code: no
 * branches, no tables, and no integers that AVX2 can't convert.
 *
 * Only +, -, *, / in a fixed order, none fused: the same bits in vectors of
 * any width, in what is left after them, and with any C library.  Errors are
 * below 0.6 ulp (exp), 0.8 ulp (exp where it is subnormal, tanh) and 0.9 ulp
 * (log, log2, sin, cos); f32 is computed in double, with errors below 0.51 ulp.
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

/* (e^r - 1 - r) / r^2 */
ELEMENTARY double elementary_exp(double r)
{
    double q = 0x1.1f730349868cep-29;

    q = q * r + 0x1.af4de97ca4194p-26;
    q = q * r + 0x1.27e4db646b17ep-22;
    q = q * r + 0x1.71de0231960ebp-19;
    q = q * r + 0x1.a01a01a6d889cp-16;
    q = q * r + 0x1.a01a01abe7fe1p-13;
    q = q * r + 0x1.6c16c16c162d4p-10;
    q = q * r + 0x1.11111111100dcp-7;
    q = q * r + 0x1.5555555555556p-5;
    q = q * r + 0x1.5555555555557p-3;
    return q * r + 0.5;
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
    q = elementary_exp(r);
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

/* (log(1 + f) / s - 2) / z with s = f / (2 + f), z = s^2 */
ELEMENTARY double elementary_log(double z)
{
    double r = 0x1.e6b14bf9246a9p-4;

    r = r * z + 0x1.debeb0e5d974ap-4;
    r = r * z + 0x1.111d2832da632p-3;
    r = r * z + 0x1.3b137b2ece4bcp-3;
    r = r * z + 0x1.745d17d365b46p-3;
    r = r * z + 0x1.c71c71c64c6c3p-3;
    r = r * z + 0x1.249249249295ap-2;
    r = r * z + 0x1.9999999999998p-2;
    return r * z + 0x1.5555555555555p-1;
}

ELEMENTARY double elementary_log_f32(double z)
{
    double r = 0x1.ddcf7101b6372p-3;

    r = r * z + 0x1.245c40aecb50cp-2;
    r = r * z + 0x1.9999eb63e783dp-2;
    return r * z + 0x1.5555554bb1b2fp-1;
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
    r = elementary_log(z);
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
    r = elementary_log_f32(z);
    y = e * 0.69314718055994530942 + (2 * s + s * (r * z));
    y = x < INFINITY ? y : x;
    y = x == 0 ? -INFINITY : y;
    return (float)(x < 0 ? NAN : y);
}

/* log2(1 + f) = log(1 + f) / log(2) in parts: of both factors the first parts
 * are so short that their product is exact. */
ELEMENTARY double log2_f64(double x)
{
    const double scale_high = 0x1.71547652p+0, scale_low = 0x1.705fc2eefa2p-33;
    int tiny = x < 0x1p-1022;
    double f, s, z, r, half, high, low, y, product;
    double e = elementary_parts(tiny ? x * 0x1p54 : x, &f);
    uint64_t bits;

    e = tiny ? e - 54 : e;
    s = f / (2 + f);
    z = s * s;
    half = 0.5 * f * f;
    r = elementary_log(z);
    high = f - half;
    memcpy(&bits, &high, sizeof bits);
    bits &= 0xffffffff00000000u;
    memcpy(&high, &bits, sizeof high);
    low = ((f - high) - half) + s * (half + r * z);
    product = high * scale_high;
    y = e + product;
    low = (low + high) * scale_low + low * scale_high + ((e - y) + product);
    y = y + low;
    y = x < INFINITY ? y : x;
    y = x == 0 ? -INFINITY : y;
    return x < 0 ? NAN : y;
}

ELEMENTARY float log2_f32(float a)
{
    double x = (double)a, f, s, z, y;
    double e = elementary_parts(x, &f);

    s = f / (2 + f);
    z = s * s;
    y = e + (2 * s + s * (elementary_log_f32(z) * z)) * 1.442695040888963407;
    y = x < INFINITY ? y : x;
    y = x == 0 ? -INFINITY : y;
    return (float)(x < 0 ? NAN : y);
}

/* sin and cos take entries up to this size. */
#define ELEMENTARY_ANGLE 0x1p20

/* pi / 2 in parts; those before the last have 33 bits, so that their products
 * with whole numbers below 2^20 are exact. */
#define ELEMENTARY_PI2_1 0x1.921fb544p+0
#define ELEMENTARY_PI2_2 0x1.0b4611a6p-34
#define ELEMENTARY_PI2_3 0x1.3198a2ep-69
#define ELEMENTARY_PI2_4 0x1.b839a252049c1p-104

/* a - b, and what that rounds off. */
ELEMENTARY double elementary_minus(double a, double b, double *lost)
{
    double c = a - b, d = c - a;

    *lost = (a - (c - d)) - (b + d);
    return c;
}

/* x = n pi/2 + *r + *low with |*r| <= pi/4: returns n's last bits.  The second
 * part matters where x is near a multiple of pi/2. */
ELEMENTARY uint64_t elementary_angle(double x, double *r, double *low)
{
    double shifted = x * 0x1.45f306dc9c883p-1 + ELEMENTARY_SHIFT;
    double n = shifted - ELEMENTARY_SHIFT, a, b, lost, more, rest;
    uint64_t bits;

    memcpy(&bits, &shifted, sizeof bits);
    a = x - n * ELEMENTARY_PI2_1;
    a = elementary_minus(a, n * ELEMENTARY_PI2_2, &lost);
    b = elementary_minus(a, n * ELEMENTARY_PI2_3, &more);
    rest = (lost + more) - n * ELEMENTARY_PI2_4;
    *r = b + rest;
    *low = (b - *r) + rest;
    return bits;
}

/* sin or cos of r + low by n's last bit, with the sign by the one before. */
ELEMENTARY double elementary_wave(uint64_t n, double r, double low)
{
    double z = r * r, s, c, one, y;
    uint64_t bits;

    s = 0x1.5e01d1798c2b3p-33;
    s = s * z - 0x1.ae5ff116c8d06p-26;
    s = s * z + 0x1.71de377d84985p-19;
    s = s * z - 0x1.a01a019e70424p-13;
    s = s * z + 0x1.1111111110b60p-7;
    s = s * z - 0x1.5555555555555p-3;
    s = r + (r * z * s + low * (1 - 0.5 * z));
    c = -0x1.907458a591af7p-37;
    c = c * z + 0x1.1eeb5bf022724p-29;
    c = c * z - 0x1.27e4fa0b544edp-22;
    c = c * z + 0x1.a01a019f44f97p-16;
    c = c * z - 0x1.6c16c16c1693ep-10;
    c = c * z + 0x1.5555555555555p-5;
    one = 1 - 0.5 * z;
    c = one + (((1 - one) - 0.5 * z) + (z * z * c - r * low));
    y = n & 1 ? c : s;
    memcpy(&bits, &y, sizeof bits);
    bits ^= (n & 2) << 62;
    memcpy(&y, &bits, sizeof y);
    return y;
}

ELEMENTARY double sin_f64(double x)
{
    double r, low, y;
    uint64_t n = elementary_angle(x, &r, &low);

    y = elementary_wave(n, r, low);
    return x == 0 ? x : y; /* with its sign */
}

ELEMENTARY double cos_f64(double x)
{
    double r, low;
    uint64_t n = elementary_angle(x, &r, &low);

    return elementary_wave(n + 1, r, low);
}

/* As in f64, but no f32 of this size is so near a multiple of pi/2 that two
 * parts of it would not do. */
ELEMENTARY float elementary_wave_f32(double x, uint64_t quarter)
{
    double shifted = x * 0x1.45f306dc9c883p-1 + ELEMENTARY_SHIFT;
    double n = shifted - ELEMENTARY_SHIFT, r, z, s, c, y;
    uint64_t bits, sign;

    memcpy(&bits, &shifted, sizeof bits);
    bits += quarter;
    r = (x - n * ELEMENTARY_PI2_1) - n * 0x1.0b4611a626331p-34;
    z = r * r;
    s = 0x1.6db1afe0ba73fp-19;
    s = s * z - 0x1.a013814533806p-13;
    s = s * z + 0x1.11110dd2a633fp-7;
    s = s * z - 0x1.55555554523bfp-3;
    s = r + r * z * s;
    c = -0x1.251c0ff25acdfp-22;
    c = c * z + 0x1.a015aae9d74b4p-16;
    c = c * z - 0x1.6c16bf41da972p-10;
    c = c * z + 0x1.55555554fede4p-5;
    c = (1 - 0.5 * z) + z * z * c;
    y = bits & 1 ? c : s;
    memcpy(&sign, &y, sizeof sign);
    sign ^= (bits & 2) << 62;
    memcpy(&y, &sign, sizeof y);
    return (float)y;
}

ELEMENTARY float sin_f32(float x)
{
    float y = elementary_wave_f32((double)x, 0);

    return x == 0 ? x : y;
}

ELEMENTARY float cos_f32(float x)
{
    return elementary_wave_f32((double)x, 1);
}

/* The halves of a number, whose products are exact. */
ELEMENTARY double elementary_half(double a)
{
    double c = a * 0x1.0000002p27;

    return c - (c - a);
}

/* E / (E + 2) with E = e^(2 |x|) - 1 in two parts, as with exp_f64: so is the
 * divisor, and what the quotient leaves is divided once more. */
ELEMENTARY double tanh_f64(double x)
{
    double y = 2 * fabs(x), n, high, low, r, q, p, power, e, d, lost, more;
    double a, b, t, rest;

    y = y > 44 ? 44 : y; /* 1 */
    n = (y * 1.442695040888963407 + ELEMENTARY_SHIFT) - ELEMENTARY_SHIFT;
    high = y - n * ELEMENTARY_LN2_HIGH;
    low = n * ELEMENTARY_LN2_LOW;
    r = high - low;
    low = (high - r) - low;
    q = r * r * elementary_exp(r) + (low + low * r);
    p = r + q;
    q = (r - p) + q;
    power = elementary_power(n + ELEMENTARY_SHIFT);
    e = elementary_minus(power - 1, -(power * p), &lost);
    lost += power * q;
    d = elementary_minus(e, -2, &more);
    more += lost;
    t = e / d;
    a = elementary_half(t);
    b = elementary_half(d);
    rest = ((e - a * b) - a * (d - b)) - (t - a) * b;
    rest = (rest - (t - a) * (d - b)) + (lost - t * more);
    t = t + rest / d;
    return copysign(t, x);
}

/* As tanh_f64, in double, where near 0 no more than one part is needed. */
ELEMENTARY float tanh_f32(float a)
{
    double x = (double)a, y = 2 * fabs(x), n, r, p, power, e;

    y = y > 44 ? 44 : y;
    n = (y * 1.442695040888963407 + ELEMENTARY_SHIFT) - ELEMENTARY_SHIFT;
    r = y - n * 0.69314718055994530942;
    p = r + r * r * elementary_exp(r);
    power = elementary_power(n + ELEMENTARY_SHIFT);
    e = (power - 1) + power * p;
    return (float)copysign(e / (e + 2), x);
}

#endif
