#include "replay_io.h"

#include <string.h>

static bool pin_is(const replay_io *io, int32_t pin, uint8_t what) {
    return pin >= 0 && pin < REPLAY_PINS && (io->pins[pin] & what) != 0;
}

/**
 * The next value when it was read from this port. Otherwise 0: this engine reads what the recorded
 * run didn't read, so its effects differ from that run's whatever the value is.
 */
static uint32_t next(replay_io *io, uint32_t port) {
    if (io->next_input >= io->input_count || io->inputs[io->next_input].port != port) {
        return 0;
    }
    return io->inputs[io->next_input++].value;
}

static uint8_t pin_mode(void *context, int32_t pin, uint8_t mode) {
    replay_io *io = context;
    if (!pin_is(io, pin, REPLAY_PIN_EXISTS)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    io->modes[pin] = mode;
    return CVM_ERR_NONE;
}

static uint8_t digital_write(void *context, int32_t pin, uint8_t level) {
    const replay_io *io = context;
    (void)level;
    if (!pin_is(io, pin, REPLAY_PIN_EXISTS)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    return io->modes[pin] == CVM_PIN_OUTPUT ? CVM_ERR_NONE : CVM_ERR_HARDWARE_FAULT;
}

static uint8_t digital_read(void *context, int32_t pin, uint8_t *out) {
    replay_io *io = context;
    if (!pin_is(io, pin, REPLAY_PIN_EXISTS)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if (io->modes[pin] == REPLAY_UNCONFIGURED) {
        io->modes[pin] = CVM_PIN_INPUT;
    }
    *out = (uint8_t)next(io, CVM_PORT_DIGITAL + (uint32_t)pin);
    return CVM_ERR_NONE;
}

static uint8_t analog_write(void *context, int32_t pin, uint8_t value) {
    const replay_io *io = context;
    (void)value;
    if (!pin_is(io, pin, REPLAY_PIN_EXISTS)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    return pin_is(io, pin, REPLAY_PIN_PWM | REPLAY_PIN_DAC) ? CVM_ERR_NONE : CVM_ERR_HARDWARE_FAULT;
}

static uint8_t analog_read(void *context, int32_t pin, uint16_t *out) {
    replay_io *io = context;
    if (!pin_is(io, pin, REPLAY_PIN_EXISTS)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if (!pin_is(io, pin, REPLAY_PIN_ADC)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    *out = (uint16_t)next(io, CVM_PORT_ANALOG + (uint32_t)pin);
    return CVM_ERR_NONE;
}

static uint8_t button(void *context, int32_t id, uint8_t *out) {
    replay_io *io = context;
    if (id < 0 || (uint32_t)id >= io->buttons) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    *out = (uint8_t)next(io, CVM_PORT_BUTTON + (uint32_t)id);
    return CVM_ERR_NONE;
}

static uint8_t delay(void *context, uint32_t ms) {
    replay_io *io = context;
    io->delay_ms += ms;
    return CVM_ERR_NONE;
}

static uint8_t millis(void *context, uint32_t *out) {
    replay_io *io = context;
    const uint64_t us = io->engine->steps * CVM_VIRTUAL_US_PER_INSTRUCTION;
    *out = io->real_clock ? next(io, CVM_PORT_MILLIS) : io->delay_ms + (uint32_t)(us / 1000U);
    return CVM_ERR_NONE;
}

static uint8_t micros(void *context, uint32_t *out) {
    replay_io *io = context;
    const uint32_t us = (uint32_t)(io->engine->steps * CVM_VIRTUAL_US_PER_INSTRUCTION);
    *out = io->real_clock ? next(io, CVM_PORT_MICROS) : 1000U * io->delay_ms + us;
    return CVM_ERR_NONE;
}

static uint8_t print(void *context, const uint8_t *bytes, uint8_t length) {
    (void)context;
    (void)bytes;
    (void)length;
    return CVM_ERR_NONE;
}

void replay_io_init(replay_io *io, cvm_engine *engine) {
    *io = (replay_io){
        .controller = {.pin_mode = pin_mode,
                       .digital_write = digital_write,
                       .digital_read = digital_read,
                       .analog_write = analog_write,
                       .analog_read = analog_read,
                       .button = button,
                       .delay = delay,
                       .millis = millis,
                       .micros = micros,
                       .print = print,
                       .context = io},
        .engine = engine,
    };
    memset(io->modes, REPLAY_UNCONFIGURED, sizeof io->modes);
}
