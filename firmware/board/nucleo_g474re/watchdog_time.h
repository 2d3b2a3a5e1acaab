/** Settings of the independent watchdog (RM0440, IWDG) from a time. */
#ifndef NUCLEO_WATCHDOG_TIME_H
#define NUCLEO_WATCHDOG_TIME_H

#include <stdint.h>

typedef struct {
    /** IWDG_PR: LSI is divided by 4 << prescaler; 0..6. */
    uint32_t prescaler;
    /** IWDG_RLR: one less than the divided clocks until the reset; 0..4095. */
    uint32_t reload;
} watchdog_setting;

/**
 * The finest setting that waits at least `ms` milliseconds (BOARD_WATCHDOG_LEAST_MS to
 * BOARD_WATCHDOG_MOST_MS), however fast LSI is.
 */
watchdog_setting watchdog_setting_for(uint32_t ms);

#endif
