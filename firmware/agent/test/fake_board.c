#include "fake_board.h"

#include <string.h>

fake_board fake;

void fake_reset(void) {
    memset(&fake, 0, sizeof fake);
    fake.tx_space = FAKE_LINE_BYTES;
    fake.rate = BOARD_RATE_START;
    for (unsigned pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        fake.modes[pin] = BOARD_PIN_UNCONFIGURED;
    }
}

size_t board_tx_space(void) {
    const size_t room = FAKE_LINE_BYTES - fake.tx_end;
    return fake.tx_space < room ? fake.tx_space : room;
}

void board_tx_write(const char *bytes, size_t length) {
    memcpy(fake.tx + fake.tx_end, bytes, length);
    fake.tx_end += length;
}

bool board_tx_drained(void) {
    return !fake.sending;
}

uint32_t board_rate_max(void) {
    return fake.rate_max;
}

bool board_rate_plan(uint32_t baud, board_rate *out) {
    *out = (board_rate){.baud = baud + 1, .ppm = 9};
    return baud >= 1000 && baud <= fake.rate_max;
}

void board_rate_set(uint32_t baud) {
    fake.rate = baud;
    fake.rates_set++;
    fake.rx_start = fake.rx_end = 0;
}

bool board_rx_read(uint8_t *byte) {
    if (fake.rx_start == fake.rx_end) {
        return false;
    }
    *byte = (uint8_t)fake.rx[fake.rx_start++];
    return true;
}

uint64_t board_micros(void) {
    return fake.now_us;
}

void board_idle(int64_t us) {
    fake.idles++;
    fake.last_idle_us = us;
}

void board_reset(void) {
    fake.resets++;
}

void board_uid(uint8_t uid[BOARD_UID_BYTES]) {
    for (uint8_t i = 0; i < BOARD_UID_BYTES; i++) {
        uid[i] = i;
    }
}

uint32_t board_clock_hz(void) {
    return 1234567;
}

const uint8_t *board_build_id(void) {
    static const uint8_t id[BOARD_BUILD_ID_BYTES] = {0xAB, 0xCD};
    return id;
}

void board_describe(text_buffer *text) {
    text_string(text, "a fake board\r\n");
}

void board_health_read(board_health *out) {
    *out = fake.health;
}

bool board_watchdog_start(uint32_t ms) {
    if (fake.health.has_watchdog) {
        fake.health.watchdog_ms = ms;
    }
    return fake.health.has_watchdog;
}

void board_watchdog_feed(void) {
    fake.feeds++;
}

void board_pin_set_mode(uint8_t pin, board_pin_mode mode) {
    fake.modes[pin] = mode;
    if (mode == BOARD_PIN_UNCONFIGURED) {
        fake.outputs[pin] = false;
    }
}

void board_pin_write(uint8_t pin, bool high) {
    fake.outputs[pin] = high;
    fake.writes++;
}

bool board_pin_read(uint8_t pin) {
    if (fake.on_pin_read != NULL) {
        fake.on_pin_read();
    }
    return fake.modes[pin] == BOARD_PIN_OUTPUT ? fake.outputs[pin] : fake.inputs[pin];
}

bool board_has_adc(void) {
    return true;
}

bool board_analog_read(uint8_t pin, uint16_t *value) {
    (void)pin;
    *value = 1000;
    return true;
}

bool board_analog_write(uint8_t pin, uint8_t value) {
    (void)pin;
    (void)value;
    return true;
}
