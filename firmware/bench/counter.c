#include "counter.h"

/* ARMv7-M: SysTick (DDI 0403E B3.3), DEMCR and DWT (C1.6.5, C1.8). */
#define SYST_CSR (*(volatile uint32_t *)0xE000E010U)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014U)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018U)
#define DEMCR (*(volatile uint32_t *)0xE000EDFCU)
#define DWT_CTRL (*(volatile uint32_t *)0xE0001000U)
#define DWT_CYCCNT (*(volatile uint32_t *)0xE0001004U)

enum { SYST_PERIOD = 0x1000000, SYST_ENABLE = 1, SYST_TICKINT = 2, SYST_CLKSOURCE = 4 };

static volatile uint32_t wraps;

void systick_handler(void) {
    wraps++;
}

void counter_start(void) {
    DEMCR |= 1U << 24; /* TRCENA */
    DWT_CYCCNT = 0;
    DWT_CTRL |= 1U; /* CYCCNTENA */
    SYST_RVR = SYST_PERIOD - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CLKSOURCE;
    /* It is 0 until its first reload, one clock on the chip; an emulator takes its time. */
    while (SYST_CVR == 0) {
    }
}

counter_reading counter_read(void) {
    uint32_t high;
    uint32_t down;
    /* Again when it wrapped between the two readings. */
    do {
        high = wraps;
        down = SYST_CVR;
    } while (high != wraps);
    return (counter_reading){.ticks = (uint64_t)high * SYST_PERIOD + (SYST_PERIOD - 1U - down),
                             .cycles = DWT_CYCCNT};
}

uint32_t counter_scale(void) {
    const counter_reading before = counter_read();
    /* Two instructions a round. */
    uint32_t rounds = COUNTER_SCALE_INSTRUCTIONS / 2;
    __asm volatile("1: subs %0, #1\n\tbne 1b" : "+l"(rounds) : : "cc");
    const counter_reading after = counter_read();
    return (uint32_t)(after.ticks - before.ticks);
}
