/**
 * Converters, timers and DAC against a chip that judges: RM0440 21.4 says in which order a
 * converter is brought up, and what of it is obeyed when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analog.h"
#include "board.h"
#include "board_pins.h"
#include "fake_registers.h"
#include "fake_time.h"

/* Addresses and bits are written out here, from RM0440, and not taken from the header under test.
 */
enum { RCC_AHB2ENR_AT = 0x4002104C, RCC_APB1ENR1_AT = 0x40021058, RCC_APB2ENR_AT = 0x40021060 };
enum { ADC1_AT = 0x50000000, ADC2_AT = 0x50000100, ADC12_CCR_AT = 0x50000308 };
enum { ISR = 0x00, CR = 0x08, SMPR1 = 0x14, SMPR2 = 0x18, SQR1 = 0x30, DR = 0x40 };
enum { GPIOA_MODER = 0x48000000, GPIOC_MODER = 0x48000800 };
enum { ADRDY = 1 << 0, EOC = 1 << 2 };
enum { ADEN = 1 << 0, ADSTART = 1 << 2, ADSTP = 1 << 4, ADVREGEN = 1 << 28, DEEPPWD = 1 << 29 };
#define ADCAL (1U << 31)
/** Bits that a 1 sets and a 0 leaves as they are. */
#define SET_ONLY (ADCAL | ADEN | ADSTART)

/* ---- the converters ---- */

enum {
    REGULATOR_NS = 20000,
    /** At 42.5 MHz: 112 clocks; 4; and 60 of a pin, 260 of VREFINT. */
    CALIBRATION_NS = 2636,
    AFTER_CALIBRATION_NS = 95,
    READY_NS = 1000,
    CONVERSION_NS = 1412,
    REFERENCE_NS = 6118,
    /** A conversion later than this after the one before is wrong (ES0430). */
    FRESH_NS = 1000000,
    WRONG = 0xBAD,
};

typedef struct {
    uint64_t powered_ns, calibrated_ns, ready_ns, converted_ns, fresh_ns;
    bool calibrated;
} converter;

static converter converters[2];
/** What unit and channel read. */
static uint16_t sources[2][19];
/** Flags that never come. */
enum { WORKS, NEVER_CALIBRATED, NEVER_READY, NEVER_CONVERTED };
static int defect;

static uint32_t unit_at(unsigned unit) {
    return unit == 0 ? ADC1_AT : ADC2_AT;
}

static void write_cr(unsigned unit, uint32_t old, uint32_t value) {
    converter *it = &converters[unit];
    const uint32_t at = unit_at(unit);
    const uint64_t now = fake_time_ns();
    const uint32_t begun = value & SET_ONLY & ~old;
    uint32_t next = (old & SET_ONLY) | value;
    assert_true((fake_get(RCC_AHB2ENR_AT) & 1U << 13) != 0);
    /* 21.4.6: the regulator is switched on after deep power-down was left. */
    assert_false((old & DEEPPWD) != 0 && (value & ADVREGEN) != 0);
    if ((value & ~old & ADVREGEN) != 0) {
        it->powered_ns = now;
    }
    if ((begun & ADCAL) != 0) {
        /* 21.4.8: enabled regulator, 20 us later, ADEN = 0, and the clock chosen. */
        assert_true((old & ADVREGEN) != 0 && now >= it->powered_ns + REGULATOR_NS);
        assert_true((old & ADEN) == 0);
        assert_int_equal(fake_get(ADC12_CCR_AT) >> 16 & 3U, 3);
        it->calibrated_ns = now + CALIBRATION_NS;
    }
    if ((begun & ADEN) != 0) {
        /* 21.4.9: all bits of CR are 0 but ADVREGEN; too early after a calibration it is dropped.
         */
        assert_int_equal(old, ADVREGEN);
        assert_true(it->calibrated);
        if (now < it->calibrated_ns + AFTER_CALIBRATION_NS) {
            next &= ~(uint32_t)ADEN;
        } else {
            it->ready_ns = now + READY_NS;
        }
    }
    if ((begun & ADSTART) != 0) {
        assert_true((fake_get(at + ISR) & ADRDY) != 0 && (fake_get(at + ISR) & EOC) == 0);
        const uint32_t channel = fake_get(at + SQR1) >> 6;
        it->converted_ns = now + (channel == 18 ? REFERENCE_NS : CONVERSION_NS);
    }
    if ((value & ADSTP) != 0) {
        /* 21.4.17: only a conversion that goes on is stopped; both bits are then cleared. */
        assert_true((old & ADSTART) != 0);
        next &= ~(uint32_t)(ADSTART | ADSTP);
    }
    fake_set(at + CR, next);
}

static void after_write(uint32_t address, uint32_t old, uint32_t value) {
    for (unsigned unit = 0; unit < 2; unit++) {
        const uint32_t at = unit_at(unit);
        const bool running = (fake_get(at + CR) & ADSTART) != 0;
        if (address == at + CR) {
            write_cr(unit, old, value);
        } else if (address == at + ISR) {
            fake_set(at + ISR, old & ~value);
        } else if (address == at + SQR1 || address == at + SMPR1 || address == at + SMPR2) {
            assert_false(running);
        } else if (address == ADC12_CCR_AT) {
            /* CKMODE is for converters that are off. */
            assert_true((fake_get(at + CR) & (ADEN | ADCAL)) == 0);
        }
    }
}

/** What time has done to a unit's flags. */
static void catch_up(unsigned unit) {
    converter *it = &converters[unit];
    const uint32_t at = unit_at(unit);
    const uint64_t now = fake_time_ns();
    const uint32_t cr = fake_get(at + CR);
    if ((cr & ADCAL) != 0 && now >= it->calibrated_ns && defect != NEVER_CALIBRATED) {
        fake_set(at + CR, cr & ~ADCAL);
        it->calibrated = true;
        it->fresh_ns = it->calibrated_ns + FRESH_NS;
    }
    if ((cr & ADEN) != 0 && now >= it->ready_ns && it->ready_ns != 0 && defect != NEVER_READY) {
        fake_set(at + ISR, fake_get(at + ISR) | ADRDY);
        it->ready_ns = 0;
    }
    if ((cr & ADSTART) != 0 && now >= it->converted_ns && defect != NEVER_CONVERTED) {
        const uint32_t channel = fake_get(at + SQR1) >> 6;
        fake_set(at + CR, cr & ~(uint32_t)ADSTART);
        fake_set(at + ISR, fake_get(at + ISR) | EOC);
        assert_true(channel < 19);
        fake_set(at + DR, it->converted_ns < it->fresh_ns ? sources[unit][channel] : WRONG);
        it->fresh_ns = it->converted_ns + FRESH_NS;
    }
}

static void before_read(uint32_t address) {
    for (unsigned unit = 0; unit < 2; unit++) {
        const uint32_t at = unit_at(unit);
        if (address >= at && address <= at + DR) {
            catch_up(unit);
            if (address == at + DR) {
                fake_set(at + ISR, fake_get(at + ISR) & ~(uint32_t)EOC);
            }
        }
    }
}

static int chip_after_reset(void **state) {
    (void)state;
    memset(converters, 0, sizeof converters);
    memset(sources, 0, sizeof sources);
    defect = WORKS;
    fake_reset((fake_behaviour){.before_read = before_read, .after_write = after_write});
    fake_set(ADC1_AT + CR, DEEPPWD);
    fake_set(ADC2_AT + CR, DEEPPWD);
    /* All pins of a port in analog mode, as after reset. */
    fake_set(GPIOA_MODER, 0xFFFFFFFFU);
    fake_set(GPIOC_MODER, 0xFFFFFFFFU);
    return 0;
}

/** Analog pins and what RM0440 and DS12288 have behind them. */
static const struct {
    uint8_t pin, unit, channel;
} analog_pins[] = {{16, 0, 1}, {17, 0, 2}, {18, 1, 17}, {19, 0, 15}, {20, 0, 7}, {21, 0, 6}};
enum { ANALOG_PINS = sizeof analog_pins / sizeof analog_pins[0] };

static void each_analog_pin_is_read_from_its_channel(void **state) {
    uint16_t value = 0;
    for (unsigned i = 0; i < ANALOG_PINS; i++) {
        chip_after_reset(state);
        sources[analog_pins[i].unit][analog_pins[i].channel] = 0xABC;
        assert_true(board_analog_read(analog_pins[i].pin, &value));
        assert_int_equal(value, 0xABC);
    }
}

static void a_read_long_after_the_last_is_right(void **state) {
    (void)state;
    uint16_t value = 0;
    sources[0][1] = 4095;
    assert_true(board_analog_read(16, &value));
    fake_time_pass(60000000);
    sources[0][1] = 17;
    assert_true(board_analog_read(16, &value));
    assert_int_equal(value, 17);
}

static void the_end_of_an_earlier_conversion_is_not_taken_for_this_ones(void **state) {
    (void)state;
    uint16_t value = 0;
    sources[0][1] = 7;
    assert_true(board_analog_read(16, &value));
    fake_set(ADC1_AT + ISR, fake_get(ADC1_AT + ISR) | EOC);
    fake_set(ADC1_AT + DR, WRONG);
    assert_true(board_analog_read(16, &value));
    assert_int_equal(value, 7);
}

static void both_units_are_brought_up_and_once_only(void **state) {
    (void)state;
    uint16_t value = 0;
    sources[0][1] = 1;
    sources[1][17] = 2;
    assert_true(board_analog_read(16, &value));
    assert_true(board_analog_read(18, &value));
    assert_int_equal(value, 2);
    assert_int_equal(fake_get(ADC12_CCR_AT), 3U << 16 | 1U << 22);
    const uint64_t from = fake_time_ns();
    assert_true(board_analog_read(16, &value));
    assert_int_equal(value, 1);
    assert_true(fake_time_ns() - from < REGULATOR_NS);
}

static void sampling_times_are_those_the_sources_need(void **state) {
    (void)state;
    uint16_t value;
    assert_true(board_analog_read(16, &value));
    for (unsigned channel = 0; channel < 10; channel++) {
        assert_int_equal(fake_get(ADC1_AT + SMPR1) >> 3 * channel & 7U, 4);
    }
    for (unsigned channel = 10; channel < 18; channel++) {
        assert_int_equal(fake_get(ADC1_AT + SMPR2) >> 3 * (channel - 10) & 7U, 4);
    }
    /* VREFINT's 247.5 clocks, and nothing in the reserved bits. */
    assert_int_equal(fake_get(ADC1_AT + SMPR2) >> 24, 6);
}

/* A wait of 1,000 us ends, whatever doesn't come, and there is no value. What comes late is used.
 */
static void a_converter_that_does_not_answer_is_given_up(void **state) {
    for (int kind = NEVER_CALIBRATED; kind <= NEVER_CONVERTED; kind++) {
        chip_after_reset(state);
        defect = kind;
        uint16_t value = 0x5A5A;
        for (unsigned tries = 0; tries < 3; tries++) {
            const uint64_t from = fake_time_ns();
            assert_false(board_analog_read(16, &value));
            assert_int_equal(value, 0x5A5A);
            assert_in_range(fake_time_ns() - from, 1000000, 1100000);
            /* No conversion is left that could end in the next one's place. */
            assert_int_equal(fake_get(ADC1_AT + CR) & ADSTART, 0);
        }
        defect = WORKS;
        sources[0][1] = 42;
        assert_true(board_analog_read(16, &value));
        assert_int_equal(value, 42);
    }
}

static void an_input_is_in_analog_mode_while_it_is_converted(void **state) {
    uint16_t value;
    /* PC0 (A5): input, output, analog. */
    for (uint32_t mode = 0; mode < 4; mode++) {
        chip_after_reset(state);
        fake_set(GPIOC_MODER, 0xFFFFFFFCU | mode);
        assert_true(board_analog_read(21, &value));
        assert_int_equal(fake_get(GPIOC_MODER), 0xFFFFFFFCU | mode);
    }
}

static uint32_t mode_while_converting;
static void note_mode(uint32_t address, uint32_t old, uint32_t value) {
    if (address == ADC1_AT + CR && (value & ADSTART) != 0) {
        mode_while_converting = fake_get(GPIOC_MODER) & 3U;
    }
    after_write(address, old, value);
}

static void a_driven_pin_stays_driven_while_it_is_converted(void **state) {
    static const struct { uint32_t before, during; } modes[] = {{0, 3}, {1, 1}, {3, 3}};
    uint16_t value;
    for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        chip_after_reset(state);
        fake_reset((fake_behaviour){.before_read = before_read, .after_write = note_mode});
        fake_set(ADC1_AT + CR, DEEPPWD);
        fake_set(GPIOC_MODER, modes[i].before);
        assert_true(board_analog_read(21, &value));
        assert_int_equal(mode_while_converting, modes[i].during);
    }
}

static void an_emulated_board_has_no_converter_and_is_not_asked(void **state) {
    (void)state;
    uint16_t value;
    assert_true(board_has_adc());
    fake_set(0xE0042000U, 0);
    assert_false(board_has_adc());
    assert_false(board_analog_read(16, &value));
    assert_int_equal(analog_vdda_mv(), 0);
    fake_assert_writes(NULL, 0);
}

static void vdda_follows_from_the_reference(void **state) {
    (void)state;
    /* VREFINT_CAL 1654 of 4095 at 3.0 V is 1.2117 V; 0x03F1 beside it is TS_CAL1. */
    fake_set(0x1FFF75A8U, 1654U << 16 | 0x3F1U);
    sources[0][18] = 1654;
    assert_int_equal(analog_vdda_mv(), 3000);
    sources[0][18] = 1504;
    assert_int_equal(analog_vdda_mv(), 3299);
    sources[0][18] = 4095;
    assert_int_equal(analog_vdda_mv(), 1211);
    sources[0][18] = 0;
    assert_int_equal(analog_vdda_mv(), 0);
    defect = NEVER_CONVERTED;
    assert_int_equal(analog_vdda_mv(), 0);
}

/* ---- PWM: RM0440, timer registers ---- */

enum { CR1 = 0x00, EGR = 0x14, CCMR1 = 0x18, CCER = 0x20, PSC = 0x28, ARR = 0x2C, BDTR = 0x44 };
enum { TIM2_AT = 0x40000000 };

static int plain_registers(void **state) {
    (void)state;
    fake_reset((fake_behaviour){0});
    /* What an earlier test has left on. */
    for (uint8_t pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        analog_release(pin);
    }
    fake_reset((fake_behaviour){0});
    return 0;
}

static void pwm_starts_the_timer_and_then_connects_the_pin(void **state) {
    (void)state;
    /* D5 = PB4, TIM3_CH1, AF2. 170 MHz / (665 + 1) / 255 = 1,001 Hz. */
    assert_true(board_analog_write(5, 128));
    ASSERT_WRITES({RCC_APB1ENR1_AT, 1U << 1}, {0x40000400 + PSC, 665}, {0x40000400 + ARR, 254},
                  {0x40000400 + EGR, 1}, {0x40000400 + CR1, 1}, {0x40000434, 128},
                  {0x40000400 + CCMR1, 0x68}, {0x40000400 + CCER, 1}, {0x48000420, 2U << 16},
                  {0x48000400, 2U << 8});
    assert_true(fake_read_back(RCC_APB1ENR1_AT));
}

static void another_channel_leaves_a_running_timer_alone(void **state) {
    (void)state;
    /* TIM3 as D5's PWM has left it. */
    fake_set(RCC_APB1ENR1_AT, 1U << 1);
    fake_set(0x40000400 + CR1, 1);
    fake_set(0x40000400 + CCMR1, 0x68);
    fake_set(0x40000400 + CCER, 1);
    /* D4 = PB5, TIM3_CH2: its half of CCMR1 and its bit of CCER. */
    assert_true(board_analog_write(4, 255));
    ASSERT_WRITES({RCC_APB1ENR1_AT, 1U << 1}, {0x40000438, 255}, {0x40000400 + CCMR1, 0x6868},
                  {0x40000400 + CCER, 0x11}, {0x48000420, 2U << 20}, {0x48000400, 2U << 10});
}

/** Pins with PWM and their timer: number of the port, bit, alternate function, base, channel, and
 * the bit of the clock (RM0440 7.4.19, 7.4.21; DS12288, alternate functions). */
static const struct {
    uint8_t pin, port, bit, af;
    uint32_t base, channel, enable_at, enable_bit;
    bool break_function;
} pwm_pins[] = {
    {2, 0, 10, 6, 0x40012C00, 3, RCC_APB2ENR_AT, 11, true},
    {3, 1, 3, 1, TIM2_AT, 2, RCC_APB1ENR1_AT, 0, false},
    {4, 1, 5, 2, 0x40000400, 2, RCC_APB1ENR1_AT, 1, false},
    {5, 1, 4, 2, 0x40000400, 1, RCC_APB1ENR1_AT, 1, false},
    {6, 1, 10, 1, TIM2_AT, 3, RCC_APB1ENR1_AT, 0, false},
    {7, 0, 8, 6, 0x40012C00, 1, RCC_APB2ENR_AT, 11, true},
    {8, 0, 9, 6, 0x40012C00, 2, RCC_APB2ENR_AT, 11, true},
    {9, 2, 7, 4, 0x40013400, 2, RCC_APB2ENR_AT, 13, true},
    {10, 1, 6, 2, 0x40000800, 1, RCC_APB1ENR1_AT, 2, false},
    {11, 0, 7, 1, 0x40014800, 1, RCC_APB2ENR_AT, 18, true},
    {12, 0, 6, 1, 0x40014400, 1, RCC_APB2ENR_AT, 17, true},
    {13, 0, 5, 1, TIM2_AT, 1, RCC_APB1ENR1_AT, 0, false},
    {14, 1, 9, 2, 0x40000800, 4, RCC_APB1ENR1_AT, 2, false},
    {15, 1, 8, 2, 0x40000800, 3, RCC_APB1ENR1_AT, 2, false},
};
enum { PWM_PINS = sizeof pwm_pins / sizeof pwm_pins[0] };

static void each_pwm_pin_gets_its_channel_and_every_other_stays_off(void **state) {
    for (unsigned i = 0; i < PWM_PINS; i++) {
        plain_registers(state);
        const uint32_t base = pwm_pins[i].base;
        const uint32_t index = pwm_pins[i].channel - 1U;
        const uint32_t port = 0x48000000U + 0x400U * pwm_pins[i].port;
        const uint32_t bit = pwm_pins[i].bit;
        assert_true(board_analog_write(pwm_pins[i].pin, 200));
        assert_int_equal(fake_get(pwm_pins[i].enable_at), 1U << pwm_pins[i].enable_bit);
        assert_int_equal(fake_get(base + 0x34U + 4U * index), 200);
        assert_int_equal(fake_get(base + CCMR1 + 4U * (index / 2U)), 0x68U << (8U * (index % 2U)));
        assert_int_equal(fake_get(base + CCER), 1U << (4U * index));
        /* Without MOE the outputs of a timer with a break function stay off. */
        assert_int_equal(fake_get(base + BDTR), pwm_pins[i].break_function ? 1U << 15 : 0);
        assert_int_equal(fake_get(base + CR1), 1);
        assert_int_equal(fake_get(port), 2U << (2U * bit));
        assert_int_equal(fake_get(port + 0x20U + 4U * (bit / 8U)),
                         (uint32_t)pwm_pins[i].af << (4U * (bit % 8U)));
        assert_true(analog_release(pwm_pins[i].pin));
        assert_int_equal(fake_get(base + CCER), 0);
        assert_false(analog_release(pwm_pins[i].pin));
    }
}

static void no_pin_shares_a_channel_and_the_table_knows_them_all(void **state) {
    (void)state;
    unsigned pwm = 0;
    for (unsigned pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        pwm += (BOARD_PINS[pin].capabilities & BOARD_CAP_PWM) != 0;
    }
    assert_int_equal(pwm, PWM_PINS);
    for (unsigned i = 0; i < PWM_PINS; i++) {
        for (unsigned k = 0; k < i; k++) {
            assert_false(pwm_pins[i].base == pwm_pins[k].base &&
                         pwm_pins[i].channel == pwm_pins[k].channel);
        }
    }
}

/* ---- DAC: RM0440, DAC registers ---- */

static void the_dac_is_given_its_clock_and_range_before_its_pin(void **state) {
    (void)state;
    /* A2 = PA4, DAC1_OUT1. HFSEL = 2: above 160 MHz. */
    assert_true(board_analog_write(18, 0x80));
    ASSERT_WRITES({RCC_AHB2ENR_AT, 1U << 16}, {0x5000083C, 2U << 14}, {0x50000808, 0x808},
                  {0x50000800, 1}, {GPIOA_MODER, 3U << 8});
    assert_true(board_analog_write(18, 0));
    assert_int_equal(fake_get(0x50000808), 0);
    assert_true(board_analog_write(18, 255));
    assert_int_equal(fake_get(0x50000808), 4095);
    assert_true(analog_release(18));
    assert_int_equal(fake_get(0x50000800), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_analog_pin_is_read_from_its_channel, chip_after_reset),
        cmocka_unit_test_setup(a_read_long_after_the_last_is_right, chip_after_reset),
        cmocka_unit_test_setup(the_end_of_an_earlier_conversion_is_not_taken_for_this_ones,
                               chip_after_reset),
        cmocka_unit_test_setup(both_units_are_brought_up_and_once_only, chip_after_reset),
        cmocka_unit_test_setup(sampling_times_are_those_the_sources_need, chip_after_reset),
        cmocka_unit_test_setup(a_converter_that_does_not_answer_is_given_up, chip_after_reset),
        cmocka_unit_test_setup(an_input_is_in_analog_mode_while_it_is_converted, chip_after_reset),
        cmocka_unit_test_setup(a_driven_pin_stays_driven_while_it_is_converted, chip_after_reset),
        cmocka_unit_test_setup(an_emulated_board_has_no_converter_and_is_not_asked,
                               chip_after_reset),
        cmocka_unit_test_setup(vdda_follows_from_the_reference, chip_after_reset),
        cmocka_unit_test_setup(pwm_starts_the_timer_and_then_connects_the_pin, plain_registers),
        cmocka_unit_test_setup(another_channel_leaves_a_running_timer_alone, plain_registers),
        cmocka_unit_test_setup(each_pwm_pin_gets_its_channel_and_every_other_stays_off,
                               plain_registers),
        cmocka_unit_test_setup(no_pin_shares_a_channel_and_the_table_knows_them_all,
                               plain_registers),
        cmocka_unit_test_setup(the_dac_is_given_its_clock_and_range_before_its_pin,
                               plain_registers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
