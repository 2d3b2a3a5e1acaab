/** Digital pins: RM0440 9.4, GPIO registers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "board.h"
#include "board_pins.h"
#include "fake_registers.h"
#include "gpio.h"

enum { MODER = 0x00, PUPDR = 0x0C, IDR = 0x10, BSRR = 0x18, AFRL = 0x20 };
enum { PORT_A = 0x48000000, PORT_B = 0x48000400, PORT_C = 0x48000800 };

/** Arduino's names of the header and where they are on MB1367 (UM2505), by port and bit. */
static const struct {
    uint32_t port;
    uint8_t bit;
} header[] = {
    {PORT_C, 5},  {PORT_C, 4}, {PORT_A, 10}, {PORT_B, 3}, {PORT_B, 5},  {PORT_B, 4},
    {PORT_B, 10}, {PORT_A, 8}, {PORT_A, 9},  {PORT_C, 7}, {PORT_B, 6},  {PORT_A, 7},
    {PORT_A, 6},  {PORT_A, 5}, {PORT_B, 9},  {PORT_B, 8}, {PORT_A, 0},  {PORT_A, 1},
    {PORT_A, 4},  {PORT_B, 0}, {PORT_C, 1},  {PORT_C, 0}, {PORT_C, 13},
};
_Static_assert(sizeof header / sizeof header[0] == BOARD_PIN_COUNT, "every pin");
enum { BUTTON = 22 };

static int chip(void **state) {
    (void)state;
    fake_reset((fake_behaviour){0});
    return 0;
}

static uint32_t mode_of(uint8_t pin) {
    return fake_get(header[pin].port + MODER) >> 2 * header[pin].bit & 3U;
}

static uint32_t pull_of(uint8_t pin) {
    return fake_get(header[pin].port + PUPDR) >> 2 * header[pin].bit & 3U;
}

static void each_pin_takes_each_mode_and_touches_no_other(void **state) {
    static const struct {
        board_pin_mode asked;
        uint32_t mode, pull;
    } modes[] = {
        {BOARD_PIN_INPUT, 0, 0},        {BOARD_PIN_OUTPUT, 1, 0},
        {BOARD_PIN_INPUT_PULLUP, 0, 1}, {BOARD_PIN_INPUT_PULLDOWN, 0, 2},
        {BOARD_PIN_UNCONFIGURED, 3, 0},
    };
    for (uint8_t pin = 0; pin < BUTTON; pin++) {
        for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++) {
            chip(state);
            /* Something else everywhere, which must stay. */
            const uint32_t mine = 3U << 2 * header[pin].bit;
            fake_set(header[pin].port + MODER, 0x99999999U);
            fake_set(header[pin].port + PUPDR, 0x66666666U);
            board_pin_set_mode(pin, modes[i].asked);
            assert_int_equal(mode_of(pin), modes[i].mode);
            assert_int_equal(pull_of(pin), modes[i].pull);
            assert_int_equal(fake_get(header[pin].port + MODER) & ~mine, 0x99999999U & ~mine);
            assert_int_equal(fake_get(header[pin].port + PUPDR) & ~mine, 0x66666666U & ~mine);
        }
    }
}

static void a_button_keeps_its_pull_and_stays_an_input(void **state) {
    (void)state;
    board_pin_set_mode(BUTTON, BOARD_PIN_UNCONFIGURED);
    assert_int_equal(mode_of(BUTTON), 0);
    assert_int_equal(pull_of(BUTTON), 2);
    board_pin_set_mode(BUTTON, BOARD_PIN_INPUT_PULLUP);
    assert_int_equal(pull_of(BUTTON), 1);
    board_pin_set_mode(BUTTON, BOARD_PIN_INPUT);
    assert_int_equal(pull_of(BUTTON), 2);
}

static void a_level_goes_out_by_bsrr_alone(void **state) {
    for (uint8_t pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        chip(state);
        board_pin_write(pin, true);
        fake_assert_writes((const fake_write[]){{header[pin].port + BSRR, 1U << header[pin].bit}},
                           1);
        board_pin_write(pin, false);
        fake_assert_writes(
            (const fake_write[]){{header[pin].port + BSRR, 0x10000U << header[pin].bit}}, 1);
    }
}

static void a_level_comes_from_its_bit_of_idr(void **state) {
    for (uint8_t pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        chip(state);
        assert_false(board_pin_read(pin));
        fake_set(header[pin].port + IDR, 1U << header[pin].bit);
        assert_true(board_pin_read(pin));
        fake_set(header[pin].port + IDR, ~(1U << header[pin].bit));
        assert_false(board_pin_read(pin));
    }
}

static void unconfiguring_drives_the_level_down(void **state) {
    (void)state;
    board_pin_write(13, true);
    fake_assert_writes((const fake_write[]){{PORT_A + BSRR, 1U << 5}}, 1);
    board_pin_set_mode(13, BOARD_PIN_UNCONFIGURED);
    fake_assert_writes((const fake_write[]){{PORT_A + PUPDR, 0},
                                            {PORT_A + MODER, 3U << 10},
                                            {PORT_A + BSRR, 1U << 21}},
                       3);
}

static void a_digital_write_ends_an_analog_one(void **state) {
    (void)state;
    assert_true(board_analog_write(13, 100));
    assert_int_equal(mode_of(13), 2);
    board_pin_write(13, true);
    assert_int_equal(mode_of(13), 1);
    assert_int_equal(fake_get(PORT_A + BSRR), 1U << 5);
    /* TIM2_CH1 is off. */
    assert_int_equal(fake_get(0x40000020) & 1U, 0);
}

static void an_alternate_function_is_chosen_before_it_is_used(void **state) {
    (void)state;
    /* PA10: the third field of AFRH. */
    fake_set(PORT_A + AFRL + 4U, 0xFFFFFFFFU);
    gpio_set_alternate(0, 10, 6);
    ASSERT_WRITES({PORT_A + AFRL + 4U, 0xFFFFF6FFU}, {PORT_A + MODER, 2U << 20});
}

static void the_start_clocks_the_ports_and_takes_the_usb_pull_downs_off(void **state) {
    (void)state;
    gpio_start();
    assert_int_equal(fake_get(0x4002104C) & 7U, 7);
    assert_true(fake_read_back(0x4002104C));
    /* PWREN, then UCPD_DBDIS of PWR_CR3: PB4 and PB6 would have 5.1 kOhm to ground. */
    assert_int_equal(fake_get(0x40021058), 1U << 28);
    assert_true(fake_read_back(0x40021058));
    assert_int_equal(fake_get(0x40007008), 1U << 14);
    assert_int_equal(mode_of(BUTTON), 0);
    assert_int_equal(pull_of(BUTTON), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_pin_takes_each_mode_and_touches_no_other, chip),
        cmocka_unit_test_setup(a_button_keeps_its_pull_and_stays_an_input, chip),
        cmocka_unit_test_setup(a_level_goes_out_by_bsrr_alone, chip),
        cmocka_unit_test_setup(a_level_comes_from_its_bit_of_idr, chip),
        cmocka_unit_test_setup(unconfiguring_drives_the_level_down, chip),
        cmocka_unit_test_setup(a_digital_write_ends_an_analog_one, chip),
        cmocka_unit_test_setup(an_alternate_function_is_chosen_before_it_is_used, chip),
        cmocka_unit_test_setup(the_start_clocks_the_ports_and_takes_the_usb_pull_downs_off, chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
