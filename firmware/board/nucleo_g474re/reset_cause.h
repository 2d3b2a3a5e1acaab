/** Why the chip started. */
#ifndef NUCLEO_RESET_CAUSE_H
#define NUCLEO_RESET_CAUSE_H

#include <stdint.h>

/** Flags of RCC_CSR (RM0440 7.4, RCC_CSR), bits 31..25, as BOARD_RESET_ bits. */
uint8_t reset_causes_of(uint32_t rcc_csr);

/** Reads the flags as BOARD_RESET_ bits, and clears them, or they would add up over resets; 0 on
 * the emulated board, which can't tell. */
uint8_t reset_causes_take(void);

#endif
