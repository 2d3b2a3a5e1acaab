/** The console: LPUART1 on PA2 (TX) and PA3 (RX), to the ST-LINK's virtual COM port. */
#ifndef NUCLEO_LPUART_H
#define NUCLEO_LPUART_H

#include <stdint.h>

/** Sets pins, rate (BOARD_RATE_START, from the core clock as it is now) and interrupts up. 8 bits,
 * no parity, 1 stop. */
void lpuart_start(void);

/** Received bytes lost since start: the ring was full, or the receiver overran. */
uint32_t lpuart_lost(void);

#endif
