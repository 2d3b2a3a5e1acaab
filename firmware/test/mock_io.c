#include "mock_io.h"

#include <string.h>

#include "vm_engine.h"

static uint8_t note(mock_io *mock, enum mock_io_op op, int32_t pin, uint32_t value) {
    mock->calls++;
    mock->op = op;
    mock->pin = pin;
    mock->value = value;
    return mock->answer;
}

static uint8_t pin_mode(void *context, int32_t pin, uint8_t mode) {
    return note(context, MOCK_PIN_MODE, pin, mode);
}

static uint8_t digital_write(void *context, int32_t pin, uint8_t level) {
    return note(context, MOCK_DIGITAL_WRITE, pin, level);
}

static uint8_t digital_read(void *context, int32_t pin, uint8_t *out) {
    mock_io *mock = context;
    *out = (uint8_t)mock->input;
    return note(mock, MOCK_DIGITAL_READ, pin, 0);
}

static uint8_t analog_write(void *context, int32_t pin, uint8_t value) {
    return note(context, MOCK_ANALOG_WRITE, pin, value);
}

static uint8_t analog_read(void *context, int32_t pin, uint16_t *out) {
    mock_io *mock = context;
    *out = (uint16_t)mock->input;
    return note(mock, MOCK_ANALOG_READ, pin, 0);
}

static uint8_t button(void *context, int32_t id, uint8_t *out) {
    mock_io *mock = context;
    *out = (uint8_t)mock->input;
    return note(mock, MOCK_BUTTON, id, 0);
}

static uint8_t delay(void *context, uint32_t ms) {
    mock_io *mock = context;
    if (mock->pauses != NULL) {
        cvm_pause(mock->pauses);
    }
    return note(mock, MOCK_DELAY, 0, ms);
}

static uint8_t millis(void *context, uint32_t *out) {
    mock_io *mock = context;
    *out = mock->input;
    return note(mock, MOCK_MILLIS, 0, 0);
}

static uint8_t micros(void *context, uint32_t *out) {
    mock_io *mock = context;
    *out = mock->input;
    return note(mock, MOCK_MICROS, 0, 0);
}

static uint8_t print(void *context, const uint8_t *bytes, uint8_t length) {
    mock_io *mock = context;
    mock->length = length;
    memcpy(mock->text, bytes, length);
    return note(mock, MOCK_PRINT, 0, 0);
}

IOController mock_io_controller(mock_io *mock) {
    memset(mock, 0, sizeof *mock);
    return (IOController){.pin_mode = pin_mode,
                          .digital_write = digital_write,
                          .digital_read = digital_read,
                          .analog_write = analog_write,
                          .analog_read = analog_read,
                          .button = button,
                          .delay = delay,
                          .millis = millis,
                          .micros = micros,
                          .print = print,
                          .context = mock};
}
