#include "reset_cause.h"

#include "board.h"
#include "chip.h"
#include "stm32g474.h"

/** OBLRSTF, PINRSTF, BORRSTF, SFTRSTF, IWDGRSTF, WWDGRSTF, LPWRRSTF: the order of the board's bits.
 */
enum { FIRST_FLAG = 25 };

_Static_assert(BOARD_RESET_OPTIONS == 1U << (25 - FIRST_FLAG), "OBLRSTF");
_Static_assert(BOARD_RESET_PIN == 1U << (26 - FIRST_FLAG), "PINRSTF");
_Static_assert(BOARD_RESET_POWER == 1U << (27 - FIRST_FLAG), "BORRSTF");
_Static_assert(BOARD_RESET_SOFTWARE == 1U << (28 - FIRST_FLAG), "SFTRSTF");
_Static_assert(BOARD_RESET_WATCHDOG == 1U << (29 - FIRST_FLAG), "IWDGRSTF");
_Static_assert(BOARD_RESET_WINDOW_WATCHDOG == 1U << (30 - FIRST_FLAG), "WWDGRSTF");
_Static_assert(BOARD_RESET_LOW_POWER == 1U << (31 - FIRST_FLAG), "LPWRRSTF");

uint8_t reset_causes_of(uint32_t rcc_csr) {
    return (uint8_t)(rcc_csr >> FIRST_FLAG);
}

uint8_t reset_causes_take(void) {
    /* The emulated board's never change, and a write would spoil other bits of the register. */
    if (!chip_is_g474()) {
        return 0;
    }
    const uint8_t causes = reset_causes_of(RCC_CSR);
    RCC_CSR |= RCC_CSR_RMVF;
    return causes;
}
