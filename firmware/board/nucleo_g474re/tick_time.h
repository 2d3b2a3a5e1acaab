/** Time from what SysTick shows (DDI 0403 B3.3). */
#ifndef NUCLEO_TICK_TIME_H
#define NUCLEO_TICK_TIME_H

#include <stdbool.h>
#include <stdint.h>

enum { TICKS_PER_SECOND = 1000, US_PER_TICK = 1000 };

/**
 * Microseconds since the counter was started.
 * @param ticks counted so far
 * @param pending the counter has wrapped since the last of them; its tick isn't counted yet
 * @param left the counter, read after it wrapped: it counts down from period - 1, and is 0 right
 * after the start and in the first cycle of each period
 * @param period cycles of a tick, at least US_PER_TICK
 */
static inline uint64_t tick_micros(uint64_t ticks, bool pending, uint32_t left, uint32_t period) {
    const uint32_t cycles = left == 0 ? 0 : period - left;
    return (ticks + (pending ? 1U : 0U)) * US_PER_TICK + cycles / (period / US_PER_TICK);
}

#endif
