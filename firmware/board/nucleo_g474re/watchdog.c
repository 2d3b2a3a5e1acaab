#include "watchdog.h"

#include "board.h"
#include "chip.h"
#include "stm32g474.h"
#include "watchdog_time.h"

/**
 * Rounds of a wait. A new value is taken over within five LSI clocks of 32 kHz (RM0440, IWDG_SR),
 * 0.2 ms; a round takes at least 4 cycles of 170 MHz, so that 1,000,000 rounds are at least 23 ms,
 * 100 times what it needs.
 */
enum { WAIT_ROUNDS = 1000000 };

static uint32_t started_ms;

uint32_t watchdog_ms(void) {
    return started_ms;
}

static bool wait_updated(void) {
    for (uint32_t i = 0; i < WAIT_ROUNDS; i++) {
        if ((IWDG_SR & IWDG_SR_UPDATING) == 0) {
            return true;
        }
    }
    return false;
}

bool board_watchdog_start(uint32_t ms) {
    if (!chip_is_g474()) {
        return false;
    }
    const watchdog_setting setting = watchdog_setting_for(ms);
    /* Without it the probe's look at a halted core would end in a reset. */
    DBGMCU_APB1FZR1 |= DBGMCU_APB1FZR1_IWDG;
    /* The order of RM0440, IWDG, configuring with the window option disabled. Started it runs
     * whatever follows: 512 ms with the values of reset. */
    IWDG_KR = IWDG_KR_START;
    started_ms = ms;
    IWDG_KR = IWDG_KR_UNLOCK;
    if (!wait_updated()) {
        return false;
    }
    IWDG_PR = setting.prescaler;
    IWDG_RLR = setting.reload;
    const bool updated = wait_updated();
    IWDG_KR = IWDG_KR_FEED;
    return updated;
}

void board_watchdog_feed(void) {
    if (started_ms != 0) {
        IWDG_KR = IWDG_KR_FEED;
    }
}
