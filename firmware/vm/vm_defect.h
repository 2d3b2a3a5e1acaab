/*
 * Deliberate mistakes, for proving that the harness sees them. A build has at most one, chosen by
 * the CMake cache string CVM_TEST_DEFECT, and says so by cvm_defect_name(). Release images never
 * have one.
 */
#ifndef CVM_DEFECT_H
#define CVM_DEFECT_H

#include "vm_types.h"

#ifdef CVM_TEST_DEFECT_SUB_SWAPPED /* SUB gives b - a */
#define CVM_DEFECT_SUB_SWAPPED 1
#else
#define CVM_DEFECT_SUB_SWAPPED 0
#endif

#ifdef CVM_TEST_DEFECT_LT_SIGNED_LE /* LT_SIGNED gives a <= b */
#define CVM_DEFECT_LT_SIGNED_LE 1
#else
#define CVM_DEFECT_LT_SIGNED_LE 0
#endif

#ifdef CVM_TEST_DEFECT_HANG_IN_DELAY /* DELAY never returns */
#define CVM_DEFECT_HANG_IN_DELAY 1
#else
#define CVM_DEFECT_HANG_IN_DELAY 0
#endif

#ifdef CVM_TEST_DEFECT_CRASH_IN_PRINTF /* PRINTF writes where there is no memory */
#define CVM_DEFECT_CRASH_IN_PRINTF 1
#else
#define CVM_DEFECT_CRASH_IN_PRINTF 0
#endif

#ifdef CVM_TEST_DEFECT_STRAY_WRITE /* ADD also flips bit 0 of global 63, without a memory          \
                                      operation */
#define CVM_DEFECT_STRAY_WRITE 1
#else
#define CVM_DEFECT_STRAY_WRITE 0
#endif

#ifdef CVM_TEST_DEFECT_HARD_FAULT_IN_MOD /* MOD faults with exceptions masked */
#define CVM_DEFECT_HARD_FAULT_IN_MOD 1
#else
#define CVM_DEFECT_HARD_FAULT_IN_MOD 0
#endif

#ifdef CVM_TEST_DEFECT_STACK_OVERFLOW_IN_MOD /* MOD calls itself until the C stack is full */
#define CVM_DEFECT_STACK_OVERFLOW_IN_MOD 1
#else
#define CVM_DEFECT_STACK_OVERFLOW_IN_MOD 0
#endif

#define CVM_DEFECT_COUNT                                                                           \
    (CVM_DEFECT_SUB_SWAPPED + CVM_DEFECT_LT_SIGNED_LE + CVM_DEFECT_HANG_IN_DELAY +                 \
     CVM_DEFECT_CRASH_IN_PRINTF + CVM_DEFECT_STRAY_WRITE + CVM_DEFECT_HARD_FAULT_IN_MOD +          \
     CVM_DEFECT_STACK_OVERFLOW_IN_MOD)

_Static_assert(CVM_DEFECT_COUNT <= 1, "a build has at most one test defect");

/* Set for every value of the cache string, so that a misspelt one can't give a build that looks
 * good. */
#if defined(CVM_TEST_DEFECT_REQUESTED)
_Static_assert(CVM_DEFECT_COUNT == 1, "CVM_TEST_DEFECT names no known defect");
#endif

/* The defect of this build as the cache string named it, e.g. "SUB_SWAPPED"; "none" for a good
 * build. */
const char *cvm_defect_name(void);

/* What the defects do; called only in builds that have them. */
void cvm_defect_hang(void);
void cvm_defect_crash(void);
void cvm_defect_stray_write(cvm_engine *engine);
void cvm_defect_hard_fault(void);
void cvm_defect_stack_overflow(void);

#endif
