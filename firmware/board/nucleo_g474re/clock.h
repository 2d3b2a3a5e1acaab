/** The core clock. */
#ifndef NUCLEO_CLOCK_H
#define NUCLEO_CLOCK_H

#include <stdint.h>

enum {
    /** HSI16 alone, after reset and when the PLL can't be had. */
    CLOCK_HSI_HZ = 16000000,
    /** HSI16 / 4 * 85 / 2. */
    CLOCK_PLL_HZ = 170000000,
};

/**
 * Brings the core and all buses to 170 MHz. Returns NULL, or the step that didn't come true in
 * time; the core then runs on HSI16 at 16 MHz, or at whatever reset left if that is what failed.
 */
const char *clock_start(void);

/** Core and bus clock now, Hz. */
uint32_t clock_hz(void);

#endif
