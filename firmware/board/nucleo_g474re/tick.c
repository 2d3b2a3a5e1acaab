#include "tick.h"

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "clock.h"
#include "handlers.h"
#include "irq.h"
#include "stm32g474.h"
#include "tick_time.h"

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
    const uint64_t whole = ticks;
    uint32_t left = SYST_CVR;
    const bool pending = (SCB_ICSR & SCB_ICSR_PENDSTSET) != 0;
    if (pending) {
        /* Read before or after the counter wrapped? After, this time. */
        left = SYST_CVR;
    }
    irq_restore(mask);

    const uint64_t now = tick_micros(whole, pending, left, period);
    /* The emulated counter and its interrupt are not exactly simultaneous. */
    if (now > last) {
        last = now;
    }
    return last;
}
