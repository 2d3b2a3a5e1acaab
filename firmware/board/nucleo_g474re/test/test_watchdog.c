/** The independent watchdog and the flags that say why the chip started: RM0440, IWDG and 7.4.25.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board.h"
#include "fake_registers.h"
#include "fake_time.h"
#include "reset_cause.h"
#include "watchdog.h"

enum { KR = 0x40003000, PR = 0x40003004, RLR = 0x40003008, SR = 0x4000300C };
enum { CSR = 0x40021094 };
#define FREEZE_AT 0xE0042008U

/** Loads of SR until a change of PR or RLR is taken over; below 0: never. */
static int updating;

static void after_write(uint32_t address, uint32_t old, uint32_t value) {
    static bool unlocked;
    (void)old;
    if (address == KR) {
        unlocked = value == 0x5555;
    } else if (address == PR || address == RLR) {
        /* Write-protected unless unlocked; and not while an update goes on. */
        assert_true(unlocked && (fake_get(SR) & 3U) != 3U);
        fake_set(SR, fake_get(SR) | (address == PR ? 1U : 2U));
        updating = updating < 0 ? updating : 5;
    } else if (address == CSR && (value & 1U << 23) != 0) {
        /* RMVF clears the flags and itself. */
        fake_set(CSR, value & 0x007FFFFFU);
    }
}

static void before_read(uint32_t address) {
    if (address == SR && updating > 0 && --updating == 0) {
        fake_set(SR, 0);
    }
}

static int chip(void **state) {
    (void)state;
    updating = 0;
    fake_reset((fake_behaviour){.before_read = before_read, .after_write = after_write});
    return 0;
}

/* First of all tests: it can't be stopped again. */
static void it_is_not_fed_before_it_was_started(void **state) {
    (void)state;
    assert_int_equal(watchdog_ms(), 0);
    board_watchdog_feed();
    fake_assert_writes(NULL, 0);
}

static void an_emulated_board_has_none(void **state) {
    (void)state;
    fake_set(0xE0042000U, 0);
    assert_false(board_watchdog_start(1000));
    assert_int_equal(watchdog_ms(), 0);
    fake_assert_writes(NULL, 0);
}

static void it_is_started_in_the_order_of_the_manual(void **state) {
    (void)state;
    /* 2,000 ms of at most 34 kHz are 68,000 clocks: 4,250 counts of 16, 2,125 of 32, and one more.
     */
    assert_true(board_watchdog_start(2000));
    ASSERT_WRITES({FREEZE_AT, 1U << 12}, {KR, 0xCCCC}, {KR, 0x5555}, {PR, 3}, {RLR, 2125},
                  {KR, 0xAAAA});
    assert_int_equal(watchdog_ms(), 2000);
    assert_int_equal(fake_get(SR), 0);
    board_watchdog_feed();
    ASSERT_WRITES({KR, 0xAAAA});
}

static void its_time_can_be_changed(void **state) {
    (void)state;
    assert_true(board_watchdog_start(100));
    /* 3,400 clocks: 850 counts of 4, and one more. */
    ASSERT_WRITES({FREEZE_AT, 1U << 12}, {KR, 0xCCCC}, {KR, 0x5555}, {PR, 0}, {RLR, 850},
                  {KR, 0xAAAA});
    assert_int_equal(watchdog_ms(), 100);
}

static void one_that_takes_no_values_over_is_given_up_and_fed(void **state) {
    (void)state;
    updating = -1;
    assert_false(board_watchdog_start(2000));
    ASSERT_WRITES({FREEZE_AT, 1U << 12}, {KR, 0xCCCC}, {KR, 0x5555}, {PR, 3}, {RLR, 2125},
                  {KR, 0xAAAA});
    /* It may run all the same. */
    board_watchdog_feed();
    ASSERT_WRITES({KR, 0xAAAA});
    /* And one that is busy at the beginning is not written to. */
    chip(state);
    updating = -1;
    fake_set(SR, 1);
    assert_false(board_watchdog_start(2000));
    ASSERT_WRITES({FREEZE_AT, 1U << 12}, {KR, 0xCCCC}, {KR, 0x5555});
}

static void reset_flags_are_read_and_then_cleared(void **state) {
    (void)state;
    /* PINRSTF and IWDGRSTF; LSION beside them stays. */
    fake_set(CSR, 1U << 29 | 1U << 26 | 1U);
    assert_int_equal(reset_causes_take(), BOARD_RESET_WATCHDOG | BOARD_RESET_PIN);
    assert_int_equal(fake_get(CSR), 1);
    assert_int_equal(reset_causes_take(), 0);
}

static void an_emulated_boards_reset_flags_are_left_alone(void **state) {
    (void)state;
    fake_set(0xE0042000U, 0);
    fake_set(CSR, 0x0C000600U);
    assert_int_equal(reset_causes_take(), 0);
    fake_assert_writes(NULL, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_not_fed_before_it_was_started, chip),
        cmocka_unit_test_setup(an_emulated_board_has_none, chip),
        cmocka_unit_test_setup(it_is_started_in_the_order_of_the_manual, chip),
        cmocka_unit_test_setup(its_time_can_be_changed, chip),
        cmocka_unit_test_setup(one_that_takes_no_values_over_is_given_up_and_fed, chip),
        cmocka_unit_test_setup(reset_flags_are_read_and_then_cleared, chip),
        cmocka_unit_test_setup(an_emulated_boards_reset_flags_are_left_alone, chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
