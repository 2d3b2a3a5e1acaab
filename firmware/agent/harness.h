/**
 * Where data goes that only the test harness needs. A board whose linker script has a section of
 * its own for it, `.harness`, defines COCKPIT_HARNESS_SECTION; it starts as zeros in either case.
 */
#ifndef COCKPIT_HARNESS_H
#define COCKPIT_HARNESS_H

#ifdef COCKPIT_HARNESS_SECTION
#define HARNESS_DATA __attribute__((section(".harness")))
#else
#define HARNESS_DATA
#endif

#endif
