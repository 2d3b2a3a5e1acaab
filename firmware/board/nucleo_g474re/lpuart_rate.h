/** Rates of LPUART1 from its clock (RM0440, LPUART baud rate generation). */
#ifndef NUCLEO_LPUART_RATE_H
#define NUCLEO_LPUART_RATE_H

#include <stdint.h>

#include "board.h"

/** The greatest rate, bits per second: a third of the clock. */
uint32_t lpuart_rate_max(uint32_t clock_hz);

/** LPUART_BRR for a rate: 256 * clock / baud to the nearest. 0 when the rate can't be made. */
uint32_t lpuart_divider(uint32_t clock_hz, uint32_t baud);

/** What that divider of that rate makes. The clock is a whole number of MHz. */
board_rate lpuart_rate(uint32_t clock_hz, uint32_t baud, uint32_t divider);

#endif
