#include "clock.h"

#include <stdbool.h>
#include <stddef.h>

#include "chip.h"
#include "stm32g474.h"

/** RCC_CFGR SW and SWS. */
enum { SW_HSI = 1, SW_PLL = 3 };

/** HSI16, M = 4, N = 85, R = 2, output R on: 16 / 4 * 85 / 2 = 170 MHz (RM0440 7.4.4). */
#define PLLCFGR_170MHZ (2U | 3U << 4 | 85U << 8 | 1U << 24)

/** Flash wait states for 136..170 MHz in range 1 boost mode (RM0440 3.3.3, table of wait states).
 */
enum { WAIT_STATES = 4 };

/**
 * Rounds of a wait. The longest is the PLL's lock, at most 50 us; a round takes at least 4 cycles,
 * at 16 MHz 0.25 us, so that 40,000 rounds are at least 10 ms, 200 times what it needs.
 */
enum { WAIT_ROUNDS = 40000 };

static uint32_t current_hz = CLOCK_HSI_HZ;

static bool wait_for(const reg32 *address, uint32_t mask, uint32_t value) {
    for (uint32_t i = 0; i < WAIT_ROUNDS; i++) {
        if ((*address & mask) == value) {
            return true;
        }
    }
    return false;
}

/** Selects the system clock and waits for the switch. */
static bool select_source(uint32_t source) {
    RCC_CFGR = (RCC_CFGR & ~RCC_CFGR_SW_MASK) | source;
    return wait_for(&RCC_CFGR, RCC_CFGR_SW_MASK << RCC_CFGR_SWS_SHIFT,
                    source << RCC_CFGR_SWS_SHIFT);
}

static bool set_wait_states(void) {
    FLASH_ACR = (FLASH_ACR & ~FLASH_ACR_LATENCY_MASK) | WAIT_STATES | FLASH_ACR_PRFTEN |
                FLASH_ACR_ICEN | FLASH_ACR_DCEN;
    /* The emulated board has no flash registers: they read 0. */
    return !chip_is_g474() || wait_for(&FLASH_ACR, FLASH_ACR_LATENCY_MASK, WAIT_STATES);
}

const char *clock_start(void) {
    RCC_CR |= RCC_CR_HSION;
    if (!wait_for(&RCC_CR, RCC_CR_HSIRDY, RCC_CR_HSIRDY)) {
        return "clock: HSI16 did not start";
    }
    /* HSI16 is the reset clock of the chip; the emulated board starts on another. */
    if (!select_source(SW_HSI)) {
        return "clock: no switch to HSI16";
    }

    /* The way above 150 MHz: RM0440 6.1.5. */
    RCC_APB1ENR1 |= RCC_APB1ENR1_PWR;
    (void)RCC_APB1ENR1; /* RM0440 7.2.17: a short delay after enabling a clock. */
    PWR_CR5 &= ~PWR_CR5_R1MODE;
    if (!wait_for(&PWR_SR2, PWR_SR2_VOSF, 0)) {
        return "clock: core voltage not reached";
    }
    if (!set_wait_states()) {
        return "clock: flash wait states not taken";
    }
    RCC_CR &= ~RCC_CR_PLLON;
    if (!wait_for(&RCC_CR, RCC_CR_PLLRDY, 0)) {
        return "clock: PLL did not stop";
    }
    RCC_PLLCFGR = PLLCFGR_170MHZ;
    RCC_CR |= RCC_CR_PLLON;
    if (!wait_for(&RCC_CR, RCC_CR_PLLRDY, RCC_CR_PLLRDY)) {
        return "clock: PLL did not lock";
    }
    RCC_CFGR = (RCC_CFGR & ~(RCC_CFGR_HPRE_MASK | RCC_CFGR_PPRE_MASK)) | RCC_CFGR_HPRE_DIV2;
    if (!select_source(SW_PLL)) {
        (void)select_source(SW_HSI);
        RCC_CFGR &= ~RCC_CFGR_HPRE_MASK;
        return "clock: no switch to the PLL";
    }
    /* At least 1 us at half speed: 85 cycles at 85 MHz; a load takes at least one. */
    for (uint32_t i = 0; i < 100; i++) {
        (void)RCC_CFGR;
    }
    RCC_CFGR &= ~RCC_CFGR_HPRE_MASK;
    current_hz = CLOCK_PLL_HZ;
    return NULL;
}

uint32_t clock_hz(void) {
    return current_hz;
}
