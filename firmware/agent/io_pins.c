#include <stddef.h>

#include "board.h"
#include "io.h"

/** The VM that configured a pin last; its reset gives the pin back. NULL = nobody. */
static const io_context *owners[BOARD_PIN_COUNT];

static bool pin_exists(int32_t pin) {
    return pin >= 0 && pin < (int32_t)BOARD_PIN_COUNT;
}

static void configure(io_context *io, uint8_t pin, board_pin_mode mode) {
    board_pin_set_mode(pin, mode);
    io->modes[pin] = (uint8_t)mode;
    owners[pin] = io;
}

/** What the VM is given for a value read: that of its script, if it has one for the port. */
static uint32_t given(const io_context *io, uint32_t port, uint32_t value) {
#ifdef CVM_TRACE
    uint32_t scripted;
    if (io->script != NULL && script_read(io->script, port, &scripted)) {
        return scripted;
    }
#else
    (void)io;
    (void)port;
#endif
    return value;
}

static uint8_t pin_mode(void *context, int32_t pin, uint8_t mode) {
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    switch (mode) {
    case CVM_PIN_INPUT:
        configure(context, (uint8_t)pin, BOARD_PIN_INPUT);
        return CVM_ERR_NONE;
    case CVM_PIN_OUTPUT:
        configure(context, (uint8_t)pin, BOARD_PIN_OUTPUT);
        return CVM_ERR_NONE;
    case CVM_PIN_INPUT_PULLUP:
        configure(context, (uint8_t)pin, BOARD_PIN_INPUT_PULLUP);
        return CVM_ERR_NONE;
    case CVM_PIN_INPUT_PULLDOWN:
        configure(context, (uint8_t)pin, BOARD_PIN_INPUT_PULLDOWN);
        return CVM_ERR_NONE;
    default:
        return CVM_ERR_INVALID_ARGUMENT;
    }
}

static uint8_t digital_write(void *context, int32_t pin, uint8_t level) {
    const io_context *io = context;
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if (io->modes[pin] != BOARD_PIN_OUTPUT) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    board_pin_write((uint8_t)pin, level != 0);
    return CVM_ERR_NONE;
}

static uint8_t digital_read(void *context, int32_t pin, uint8_t *out) {
    io_context *io = context;
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if (io->modes[pin] == BOARD_PIN_UNCONFIGURED) {
        configure(io, (uint8_t)pin, BOARD_PIN_INPUT);
    }
    const uint32_t level = board_pin_read((uint8_t)pin) ? 1 : 0;
    *out = (uint8_t)given(io, CVM_PORT_DIGITAL + (uint32_t)pin, level);
    return CVM_ERR_NONE;
}

static uint8_t analog_write(void *context, int32_t pin, uint8_t value) {
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if ((BOARD_PINS[pin].capabilities & (BOARD_CAP_PWM | BOARD_CAP_DAC)) == 0 ||
        !board_analog_write((uint8_t)pin, value)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    owners[pin] = context;
    return CVM_ERR_NONE;
}

static uint8_t analog_read(void *context, int32_t pin, uint16_t *out) {
    const io_context *io = context;
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if ((BOARD_PINS[pin].capabilities & BOARD_CAP_ADC) == 0 ||
        !board_analog_read((uint8_t)pin, out)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    *out = (uint16_t)given(io, CVM_PORT_ANALOG + (uint32_t)pin, *out);
    /* A conversion takes its time: see print() of io.c. */
    cvm_pause(io->engine);
    return CVM_ERR_NONE;
}

static uint8_t button(void *context, int32_t id, uint8_t *out) {
    if (id < 0 || id >= (int32_t)BOARD_BUTTON_COUNT) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    const uint32_t pressed = io_button_pressed((uint32_t)id) ? 1 : 0;
    *out = (uint8_t)given(context, CVM_PORT_BUTTON + (uint32_t)id, pressed);
    return CVM_ERR_NONE;
}

void io_use_pins(IOController *controller) {
    controller->pin_mode = pin_mode;
    controller->digital_write = digital_write;
    controller->digital_read = digital_read;
    controller->analog_write = analog_write;
    controller->analog_read = analog_read;
    controller->button = button;
}

void io_release_pins(io_context *io) {
    for (uint8_t pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        io->modes[pin] = BOARD_PIN_UNCONFIGURED;
        if (owners[pin] == io) {
            board_pin_set_mode(pin, BOARD_PIN_UNCONFIGURED);
            owners[pin] = NULL;
        }
    }
}
