/** The functions that the vector table and main() lead to, and start-up facts. */
#ifndef NUCLEO_HANDLERS_H
#define NUCLEO_HANDLERS_H

#include <stdint.h>

/** Word in stack memory that was never used. */
#define STACK_PAINT 0x5AFE57ACU

/** Bytes of the stack. */
uint32_t stack_bytes(void);

/** Bytes of the stack that nothing has written since reset. */
uint32_t stack_unused(void);

/** First code after reset. */
__attribute__((noreturn)) void reset_handler(void);

/** 1 kHz tick; tick.c. */
void systick_handler(void);

/** Both directions of the serial line; lpuart.c. */
void lpuart1_handler(void);

#endif
