/** The way to 170 MHz (RM0440 6.1.5, 7.4) and the time that SysTick tells (DDI 0403 B3.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board.h"
#include "clock.h"
#include "fake_chip.h"
#include "fake_registers.h"
#include "handlers.h"
#include "tick.h"

enum { CR = 0x40021000, CFGR = 0x40021008, PLLCFGR = 0x4002100C, APB1ENR1 = 0x40021058 };
enum { CR5 = 0x40007080, SR2 = 0x40007014, ACR = 0x40022000 };
#define CSR_AT 0xE000E010U
#define RVR_AT 0xE000E014U
#define CVR_AT 0xE000E018U
#define ICSR_AT 0xE000ED04U

/** What never comes true. */
enum { WORKS, NO_HSI, NO_SWITCH_TO_HSI, NO_VOLTAGE, NO_WAIT_STATES, NO_LOCK, NO_SWITCH };
static int defect;
/** Accesses when the core began to run from the PLL at half its rate. */
static uint32_t switched_at;

static void write_cfgr(uint32_t old, uint32_t value) {
    const uint32_t wanted = value & 3U;
    const bool to_pll = wanted == 3 && (old >> 2 & 3U) != 3;
    if (to_pll) {
        /* Half speed, boost mode, wait states and a locked PLL come first. */
        assert_int_equal(value >> 4 & 0xFU, 8);
        assert_int_equal(fake_get(CR5) & 1U << 8, 0);
        assert_int_equal(fake_get(ACR) & 0xFU, 4);
        assert_true((fake_get(CR) & 1U << 25) != 0);
        switched_at = fake_accesses();
    }
    if (!to_pll && (value >> 2 & 3U) == 3 && (value & 0xF0U) == 0) {
        /* At least 1 us at 85 MHz, and no load takes less than a cycle. */
        assert_true(fake_accesses() - switched_at >= 85);
    }
    const bool stuck = wanted == 3 ? defect == NO_SWITCH : defect == NO_SWITCH_TO_HSI;
    fake_set(CFGR, (value & ~0xCU) | (stuck ? old & 0xCU : wanted << 2));
}

static void after_write(uint32_t address, uint32_t old, uint32_t value) {
    if (address == CR) {
        const bool hsi = (value & 1U << 8) != 0 && defect != NO_HSI;
        const bool pll = (value & 1U << 24) != 0 && defect != NO_LOCK;
        fake_set(CR,
                 (value & ~(1U << 10 | 1U << 25)) | (hsi ? 1U << 10 : 0) | (pll ? 1U << 25 : 0));
    } else if (address == CFGR) {
        write_cfgr(old, value);
    } else if (address == PLLCFGR) {
        assert_int_equal(fake_get(CR) & (1U << 24 | 1U << 25), 0);
    } else if (address == CR5) {
        assert_true((fake_get(APB1ENR1) & 1U << 28) != 0 && fake_read_back(APB1ENR1));
    } else if (address == ACR && defect == NO_WAIT_STATES) {
        fake_set(ACR, old);
    }
}

/** The values of reset (RM0440 3.7.1, 6.4, 7.4). */
static int after_reset(void **state) {
    (void)state;
    defect = WORKS;
    fake_reset((fake_behaviour){.after_write = after_write});
    fake_set(CR, 0x500);
    fake_set(CFGR, 5);
    fake_set(PLLCFGR, 0x1000);
    fake_set(CR5, 0x100);
    fake_set(ACR, 0x40601);
    return 0;
}

static void what_does_not_come_true_is_named_and_the_clock_stays(void **state) {
    static const struct {
        int defect;
        const char *said;
        uint32_t cfgr;
    } cases[] = {
        {NO_HSI, "clock: HSI16 did not start", 5},
        {NO_SWITCH_TO_HSI, "clock: no switch to HSI16", 1},
        {NO_VOLTAGE, "clock: core voltage not reached", 5},
        {NO_WAIT_STATES, "clock: flash wait states not taken", 5},
        {NO_LOCK, "clock: PLL did not lock", 5},
        /* Back on HSI16 and at its full speed. */
        {NO_SWITCH, "clock: no switch to the PLL", 5},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        after_reset(state);
        defect = cases[i].defect;
        if (defect == NO_SWITCH_TO_HSI) {
            fake_set(CFGR, 0); /* The emulated board's: another clock than the chip's. */
        }
        fake_set(SR2, defect == NO_VOLTAGE ? 1U << 10 : 0);
        assert_string_equal(clock_start(), cases[i].said);
        assert_int_equal(fake_get(CFGR), cases[i].cfgr);
        assert_int_equal(clock_hz(), 16000000);
        /* One wait of 40,000 loads, of which at least 10 ms are made at 16 MHz. */
        assert_in_range(fake_accesses(), 40000, 40100);
    }
}

static void the_core_reaches_170_mhz_in_the_order_of_the_manual(void **state) {
    (void)state;
    assert_null(clock_start());
    ASSERT_WRITES({CR, 0x500}, {CFGR, 0x5}, {APB1ENR1, 1U << 28}, {CR5, 0}, {ACR, 0x40704},
                  {CR, 0x500}, {PLLCFGR, 0x01005532}, {CR, 0x01000500}, {CFGR, 0x85}, {CFGR, 0x87},
                  {CFGR, 0x0F});
    assert_int_equal(clock_hz(), 170000000);
}

/* ---- SysTick; last, at 170 MHz ---- */

static void the_tick_is_1_khz_of_the_core_clock(void **state) {
    (void)state;
    fake_reset((fake_behaviour){0});
    tick_start();
    ASSERT_WRITES({RVR_AT, 169999}, {CVR_AT, 0}, {CSR_AT, 7});
    assert_int_equal(board_micros(), 0);
}

static void time_is_ticks_and_what_the_counter_has_done_of_the_next(void **state) {
    (void)state;
    fake_reset((fake_behaviour){0});
    fake_set(CVR_AT, 170000 - 5 * 170);
    assert_int_equal(board_micros(), 5);
    /* The counter has wrapped, its tick is pending. */
    fake_set(CVR_AT, 170000 - 2 * 170);
    fake_set(ICSR_AT, 1U << 26);
    assert_int_equal(board_micros(), 1002);
    systick_handler();
    fake_set(ICSR_AT, 0);
    assert_int_equal(board_micros(), 1002);
    fake_set(CVR_AT, 170000 - 999 * 170);
    assert_int_equal(board_micros(), 1999);
    /* Never back, also when the pending bit comes late. */
    fake_set(CVR_AT, 170000 - 170);
    assert_int_equal(board_micros(), 1999);
    assert_int_equal(fake_irq_masks, 5);
    assert_int_equal(fake_irq_masked, 0);
}

/** A counter that wraps between the two loads of board_micros(): the first look is before it. */
static void wrap_after_first_load(uint32_t address) {
    if (address == ICSR_AT && fake_get(ICSR_AT) == 0 && fake_get(CVR_AT) == 1) {
        fake_set(ICSR_AT, 1U << 26);
        fake_set(CVR_AT, 169999);
    }
}

static void a_wrap_while_it_is_read_does_not_count_twice(void **state) {
    (void)state;
    fake_reset((fake_behaviour){.before_read = wrap_after_first_load});
    systick_handler();
    fake_set(CVR_AT, 1);
    /* Two ticks, one pending, and nothing of the next: not 999 us more. */
    assert_int_equal(board_micros(), 3000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_does_not_come_true_is_named_and_the_clock_stays, after_reset),
        cmocka_unit_test_setup(the_core_reaches_170_mhz_in_the_order_of_the_manual, after_reset),
        cmocka_unit_test(the_tick_is_1_khz_of_the_core_clock),
        cmocka_unit_test(time_is_ticks_and_what_the_counter_has_done_of_the_next),
        cmocka_unit_test(a_wrap_while_it_is_read_does_not_count_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
