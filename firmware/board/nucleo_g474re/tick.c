#include "tick.h"

#include <stdint.h>

#include "board.h"
#include "clock.h"
#include "handlers.h"
#include "irq.h"
#include "stm32g474.h"

enum { TICKS_PER_SECOND = 1000, US_PER_TICK = 1000 };

static volatile uint64_t ticks;

void tick_start(void) {
    SYST_RVR = clock_hz() / TICKS_PER_SECOND - 1U;
    SYST_CVR = 0;
    SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
}

void systick_handler(void) {
    ticks = ticks + 1;
}

uint64_t board_micros(void) {
    static uint64_t last;
    const uint32_t period = clock_hz() / TICKS_PER_SECOND;

    const uint32_t mask = irq_mask();
    uint64_t whole = ticks;
    uint32_t left = SYST_CVR;
    if ((SCB_ICSR & SCB_ICSR_PENDSTSET) != 0) {
        /* The counter wrapped and its tick is not yet counted. */
        whole++;
        left = SYST_CVR;
    }
    irq_restore(mask);

    /* CVR counts down from period - 1; 0 right after the start and for one cycle of each period. */
    const uint32_t cycles = left == 0 ? 0 : period - left;
    const uint64_t now = whole * US_PER_TICK + cycles / (period / US_PER_TICK);
    /* The emulated counter and its interrupt are not exactly simultaneous. */
    if (now > last) {
        last = now;
    }
    return last;
}
