#include "watchdog_time.h"

enum {
    /** LSI at its fastest: the datasheet (DS12288) has 32 kHz and 5 %, which is 33.6 kHz. */
    LSI_MOST_KHZ = 34,
    LEAST_DIVISOR_BITS = 2,
    PRESCALER_MAX = 6,
    COUNTS_MAX = 4096,
};

watchdog_setting watchdog_setting_for(uint32_t ms) {
    /* 30,000 ms are 1,020,000 clocks, and 3,985 counts of 256 of them. */
    const uint32_t clocks = ms * LSI_MOST_KHZ;
    uint32_t prescaler = 0;
    uint32_t counts;
    for (;;) {
        const uint32_t bits = LEAST_DIVISOR_BITS + prescaler;
        /* One more count: feeding doesn't restart the divider, which may be about to count. */
        counts = ((clocks + (1U << bits) - 1U) >> bits) + 1U;
        if (counts <= COUNTS_MAX || prescaler == PRESCALER_MAX) {
            break;
        }
        prescaler++;
    }
    return (watchdog_setting){.prescaler = prescaler, .reload = counts - 1U};
}
