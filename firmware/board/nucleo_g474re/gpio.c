#include "gpio.h"

#include <stdbool.h>

#include "analog.h"
#include "board.h"
#include "board_pins.h"
#include "stm32g474.h"

/** Replaces the two bits of pin `bit`. */
static void set_pair(reg32 *target, uint32_t bit, uint32_t value) {
    *target = (*target & ~(3U << (2U * bit))) | value << (2U * bit);
}

void gpio_enable_port(uint32_t port) {
    RCC_AHB2ENR |= RCC_AHB2ENR_GPIO(port);
    (void)RCC_AHB2ENR; /* RM0440 7.2.17 */
}

void gpio_set_mode(uint32_t port, uint32_t bit, uint32_t mode) {
    set_pair(&GPIO(port)->moder, bit, mode);
}

uint32_t gpio_mode(uint32_t port, uint32_t bit) {
    return GPIO(port)->moder >> (2U * bit) & 3U;
}

void gpio_set_pull(uint32_t port, uint32_t bit, uint32_t pull) {
    set_pair(&GPIO(port)->pupdr, bit, pull);
}

void gpio_set_alternate(uint32_t port, uint32_t bit, uint32_t af) {
    reg32 *target = &GPIO(port)->afr[bit / 8U];
    const uint32_t shift = 4U * (bit % 8U);
    *target = (*target & ~(15U << shift)) | af << shift;
    gpio_set_mode(port, bit, GPIO_MODE_ALTERNATE);
}

/** The pull a pin has when its mode asks for none: that of its button, if it has one. */
static uint32_t resting_pull(uint8_t pin) {
    for (uint32_t i = 0; i < BOARD_BUTTON_COUNT; i++) {
        if (BOARD_BUTTONS[i].pin == pin) {
            return BOARD_BUTTONS[i].pull;
        }
    }
    return GPIO_PULL_NONE;
}

static bool is_button(uint8_t pin) {
    return resting_pull(pin) != GPIO_PULL_NONE;
}

void gpio_start(void) {
    /* PB4 (D5) and PB6 (D10) are CC2 and CC1 of the USB-C unit, which nothing here uses. Its 5.1
     * kOhm to ground are on after reset, and would beat a pull-up (RM0440 6.4, PWR_CR3). */
    RCC_APB1ENR1 |= RCC_APB1ENR1_PWR;
    (void)RCC_APB1ENR1; /* RM0440 7.2.17 */
    PWR_CR3 |= PWR_CR3_UCPD_DBDIS;
    for (uint32_t pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        gpio_enable_port(BOARD_PINS[pin].port);
    }
    for (uint32_t i = 0; i < BOARD_BUTTON_COUNT; i++) {
        board_pin_set_mode(BOARD_BUTTONS[i].pin, BOARD_PIN_UNCONFIGURED);
    }
}

void board_pin_set_mode(uint8_t pin, board_pin_mode mode) {
    const board_pin_t *at = &BOARD_PINS[pin];
    analog_release(pin);
    switch (mode) {
    case BOARD_PIN_OUTPUT:
        gpio_set_pull(at->port, at->bit, GPIO_PULL_NONE);
        gpio_set_mode(at->port, at->bit, GPIO_MODE_OUTPUT);
        return;
    case BOARD_PIN_INPUT_PULLUP:
        gpio_set_pull(at->port, at->bit, GPIO_PULL_UP);
        gpio_set_mode(at->port, at->bit, GPIO_MODE_INPUT);
        return;
    case BOARD_PIN_INPUT_PULLDOWN:
        gpio_set_pull(at->port, at->bit, GPIO_PULL_DOWN);
        gpio_set_mode(at->port, at->bit, GPIO_MODE_INPUT);
        return;
    case BOARD_PIN_INPUT:
        gpio_set_pull(at->port, at->bit, resting_pull(pin));
        gpio_set_mode(at->port, at->bit, GPIO_MODE_INPUT);
        return;
    case BOARD_PIN_UNCONFIGURED:
        /* Analog mode is the reset state of most pins (RM0440 9.4.1); a button must stay readable.
         */
        gpio_set_pull(at->port, at->bit, resting_pull(pin));
        gpio_set_mode(at->port, at->bit, is_button(pin) ? GPIO_MODE_INPUT : GPIO_MODE_ANALOG);
        GPIO(at->port)->bsrr = 1U << (at->bit + 16U);
        return;
    }
}

void board_pin_write(uint8_t pin, bool high) {
    const board_pin_t *at = &BOARD_PINS[pin];
    GPIO(at->port)->bsrr = 1U << (high ? at->bit : at->bit + 16U);
    if (analog_release(pin)) {
        gpio_set_mode(at->port, at->bit, GPIO_MODE_OUTPUT);
    }
}

bool board_pin_read(uint8_t pin) {
    const board_pin_t *at = &BOARD_PINS[pin];
    return (GPIO(at->port)->idr >> at->bit & 1U) != 0;
}
