#include "analog.h"

#include "board.h"

bool analog_release(uint8_t pin) {
    (void)pin;
    return false;
}

bool board_analog_read(uint8_t pin, uint16_t *value) {
    (void)pin;
    (void)value;
    return false;
}

bool board_analog_write(uint8_t pin, uint8_t value) {
    (void)pin;
    (void)value;
    return false;
}
