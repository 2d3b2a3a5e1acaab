/** Which chip this runs on. */
#ifndef NUCLEO_CHIP_H
#define NUCLEO_CHIP_H

#include <stdbool.h>

#include "stm32g474.h"

/**
 * True on a real STM32G471/473/474/483/484. The emulated board reads 0 here. Asked only where the
 * emulated board lacks what the chip has: the unique number (a bus fault there), the flash
 * registers, and the analog units.
 */
static inline bool chip_is_g474(void) {
    return (DBGMCU_IDCODE & DBGMCU_DEV_ID_MASK) == DBGMCU_DEV_ID_G47X;
}

#endif
