#include "fake_time.h"

#include "board.h"
#include "clock.h"
#include "fake_registers.h"

enum {
    /** One cycle of 170 MHz: no access is faster. */
    ACCESS_NS = 6,
    LOOK_NS = 100,
};

static uint64_t passed_ns;

uint64_t fake_time_ns(void) {
    return passed_ns + (uint64_t)fake_accesses() * ACCESS_NS;
}

void fake_time_pass(uint64_t us) {
    passed_ns += 1000U * us;
}

uint64_t board_micros(void) {
    fake_settle();
    passed_ns += LOOK_NS;
    return fake_time_ns() / 1000U;
}

uint32_t clock_hz(void) {
    return CLOCK_PLL_HZ;
}
