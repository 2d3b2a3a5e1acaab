/*
 * Two clocks around a piece of code. SysTick counts the emulator's
 * instructions: with a fixed
 * `-icount shift` virtual time passes with instructions alone, and
 * counter_scale() says how many ticks an instruction is. DWT counts a real
 * processor's cycles.
 */
#ifndef BENCH_COUNTER_H
#define BENCH_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/* A reading of both clocks. */
typedef struct counter_reading {
    uint64_t ticks;  /* of SysTick, since counter_start */
    uint32_t cycles; /* DWT CYCCNT; 0 where there is none, as on the emulated board */
} counter_reading;

/* Instructions that counter_scale executes. */
enum { COUNTER_SCALE_INSTRUCTIONS = 1000000 };

/* Starts both clocks. */
void counter_start(void);

counter_reading counter_read(void);

/* Ticks that COUNTER_SCALE_INSTRUCTIONS instructions take. */
uint32_t counter_scale(void);

/* Exception 15. */
void systick_handler(void);

#endif
