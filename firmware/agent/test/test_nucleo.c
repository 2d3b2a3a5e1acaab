/** What the Nucleo's drivers calculate, without its registers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board.h"
#include "lpuart_rate.h"
#include "reset_cause.h"
#include "tick_time.h"
#include "watchdog_time.h"

/* ---- time ---- */

/** Cycles that a tick stays pending when the core can't take it at once. */
enum { LATENCY = 200 };

/**
 * What board_micros() reads `cycles` after the start, of a counter as DDI 0403 B3.3 has it: it
 * reloads after 0, and the tick is due when it becomes 0.
 */
static uint64_t micros_at(uint64_t cycles, uint32_t period) {
    const uint32_t into = (uint32_t)(cycles % period);
    const uint64_t wraps = cycles / period;
    const bool pending = wraps != 0 && into < LATENCY;
    return tick_micros(pending ? wraps - 1U : wraps, pending, into == 0 ? 0 : period - into,
                       period);
}

static const uint32_t clocks_hz[] = {170000000, 16000000};

static void time_is_exact_to_the_microsecond_from(uint64_t from_us) {
    for (unsigned i = 0; i < sizeof clocks_hz / sizeof clocks_hz[0]; i++) {
        const uint32_t per_us = clocks_hz[i] / 1000000U;
        const uint32_t period = clocks_hz[i] / 1000U;
        /* Three ticks and a bit, each cycle of them. */
        for (uint64_t cycle = 0; cycle < 3U * period + 1000U; cycle++) {
            const uint64_t cycles = from_us * per_us + cycle;
            if (micros_at(cycles, period) != cycles / per_us) {
                assert_int_equal(micros_at(cycles, period), cycles / per_us);
            }
        }
    }
}

static void time_starts_at_zero(void **state) {
    (void)state;
    assert_int_equal(tick_micros(0, false, 0, 170000), 0);
    time_is_exact_to_the_microsecond_from(0);
}

static void time_goes_on_over_32_bits_of_microseconds(void **state) {
    (void)state;
    time_is_exact_to_the_microsecond_from((UINT64_C(1) << 32) - 1296U);
}

static void time_goes_on_over_32_bits_of_ticks(void **state) {
    (void)state;
    time_is_exact_to_the_microsecond_from((UINT64_C(1) << 32) * 1000U - 1000U);
}

/* ---- reset causes ---- */

static void reset_flags_are_named(void **state) {
    (void)state;
    assert_int_equal(reset_causes_of(0), 0);
    assert_int_equal(reset_causes_of(0x01FFFFFF), 0);
    assert_int_equal(reset_causes_of(0x0C000000), BOARD_RESET_PIN | BOARD_RESET_POWER);
    assert_int_equal(reset_causes_of(0x14000000), BOARD_RESET_PIN | BOARD_RESET_SOFTWARE);
    assert_int_equal(reset_causes_of(0x24000003), BOARD_RESET_PIN | BOARD_RESET_WATCHDOG);
    assert_int_equal(reset_causes_of(0x02000000), BOARD_RESET_OPTIONS);
    assert_int_equal(reset_causes_of(0x40000000), BOARD_RESET_WINDOW_WATCHDOG);
    assert_int_equal(reset_causes_of(0x80000000), BOARD_RESET_LOW_POWER);
}

/* ---- rates of the serial line ---- */

static void dividers_are_those_of_the_reference_manual(void **state) {
    (void)state;
    static const struct {
        uint32_t clock_hz, baud, divider, made, ppm;
    } rates[] = {
        /* 256 * clock / baud by hand, to the nearest; made: 256 * clock / divider. */
        {170000000, 115200, 377778, 115200, 0},   /* 377777.78; 115199.93, 0.59 ppm */
        {170000000, 230400, 188889, 230400, 0},   /* 188888.89 */
        {170000000, 460800, 94444, 460802, 4},    /* 94444.44; 460802.17, 4.7 ppm */
        {170000000, 921600, 47222, 921604, 4},    /* 47222.22; 921604.34, 4.7 ppm */
        {170000000, 1000000, 43520, 1000000, 0},  /* exact */
        {170000000, 2000000, 21760, 2000000, 0},  /* exact */
        {170000000, 3000000, 14507, 2999931, 22}, /* 14506.67; 2999931.07, 23 ppm of it */
        {170000000, 56666666, 768, 56666667, 0},  /* the greatest */
        {170000000, 41504, 1048574, 41504, 0},    /* the least: 1048573.63 */
        {16000000, 115200, 35556, 115199, 12},    /* 35555.56; 115198.56, 12.5 ppm of it */
    };
    for (unsigned i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const uint32_t clock = rates[i].clock_hz;
        const uint32_t divider = lpuart_divider(clock, rates[i].baud);
        const board_rate made = lpuart_rate(clock, rates[i].baud, divider);
        assert_int_equal(divider, rates[i].divider);
        assert_int_equal(made.baud, rates[i].made);
        assert_int_equal(made.ppm, rates[i].ppm);
    }
}

static void rates_that_can_not_be_made_are_refused(void **state) {
    (void)state;
    assert_int_equal(lpuart_rate_max(170000000), 56666666);
    assert_int_equal(lpuart_divider(170000000, 56666667), 0);
    assert_int_equal(lpuart_divider(170000000, UINT32_MAX), 0);
    assert_int_equal(lpuart_divider(170000000, 41503), 0);
    assert_int_equal(lpuart_divider(170000000, 0), 0);
    /* 4096 * 1000 Hz would need 2^20. */
    assert_int_equal(lpuart_divider(4096000, 1000), 0);
}

/* ---- watchdog ---- */

static void the_watchdog_waits_as_long_as_asked_for_and_a_fifth_longer_at_most(void **state) {
    (void)state;
    for (uint32_t ms = BOARD_WATCHDOG_LEAST_MS; ms <= BOARD_WATCHDOG_MOST_MS; ms++) {
        const watchdog_setting it = watchdog_setting_for(ms);
        assert_true(it.prescaler <= 6 && it.reload <= 4095);
        /* LSI clocks until the reset, at most and at least: the divider may be about to count. */
        const uint64_t most = (uint64_t)(it.reload + 1U) << (2U + it.prescaler);
        const uint64_t least = (uint64_t)it.reload << (2U + it.prescaler);
        /* 32 kHz and 5 %: 33.6 kHz, and rounded up, at most; 30.4 kHz at least. */
        assert_true(least >= (uint64_t)ms * 34U);
        assert_true(most * 1000U <= (uint64_t)ms * 30400U * 6U / 5U);
    }
}

static void the_finest_step_that_reaches_is_taken(void **state) {
    (void)state;
    assert_int_equal(watchdog_setting_for(100).prescaler, 0);
    /* 4095 counts of 4 at 34 kHz are 481.7 ms. */
    assert_int_equal(watchdog_setting_for(481).prescaler, 0);
    assert_int_equal(watchdog_setting_for(482).prescaler, 1);
    assert_int_equal(watchdog_setting_for(30000).prescaler, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_starts_at_zero),
        cmocka_unit_test(time_goes_on_over_32_bits_of_microseconds),
        cmocka_unit_test(time_goes_on_over_32_bits_of_ticks),
        cmocka_unit_test(reset_flags_are_named),
        cmocka_unit_test(dividers_are_those_of_the_reference_manual),
        cmocka_unit_test(rates_that_can_not_be_made_are_refused),
        cmocka_unit_test(the_watchdog_waits_as_long_as_asked_for_and_a_fifth_longer_at_most),
        cmocka_unit_test(the_finest_step_that_reaches_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
