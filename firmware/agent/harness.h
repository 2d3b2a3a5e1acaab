/**
 * Where data goes that only the test harness needs. A board whose linker script has sections of
 * their own for it defines COCKPIT_HARNESS_SECTION. HARNESS_DATA (`.harness`) starts as zeros in
 * either case. HARNESS_RING (`.ring`) and HARNESS_RETAINED (`.noinit`) keep what they hold through
 * a reset of the board, and are random after power-up.
 */
#ifndef COCKPIT_HARNESS_H
#define COCKPIT_HARNESS_H

#ifdef COCKPIT_HARNESS_SECTION
#define HARNESS_DATA __attribute__((section(".harness")))
#define HARNESS_RING __attribute__((section(".ring")))
#define HARNESS_RETAINED __attribute__((section(".noinit")))
#else
#define HARNESS_DATA
#define HARNESS_RING
#define HARNESS_RETAINED
#endif

#endif
