/** Why the chip started. */
#ifndef NUCLEO_RESET_CAUSE_H
#define NUCLEO_RESET_CAUSE_H

#include <stdint.h>

/** Flags of RCC_CSR (RM0440 7.4, RCC_CSR), bits 31..25, as BOARD_RESET_ bits. */
uint8_t reset_causes_of(uint32_t rcc_csr);

#endif
