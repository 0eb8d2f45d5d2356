/* Which of three kinds of processor this is, by the vector instructions that
 * pay on it.  Kernels are chosen by it, and so are default tile edges. */
#ifndef BASE_CPU_H
#define BASE_CPU_H

enum cpu_kind { CPU_AVX512, CPU_AVX2, CPU_PORTABLE, CPU_KINDS };

enum cpu_kind cpu_kind(void);
/* An instruction that this processor lacks for the kind, or NULL. */
const char *cpu_lacks(enum cpu_kind kind);

#endif
