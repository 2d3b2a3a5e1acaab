#include "scripted_io.h"

#include <string.h>

enum {
    /** 3, 5, 6, 9, 10, 11 */
    PWM_PINS = 0x0E68,
    /** 16..21 */
    ADC_PINS = 0x3F0000,
    /** 18 */
    DAC_PINS = 0x040000,
};

/** Number `n` of the script: the 32-bit finaliser of MurmurHash3 over a Weyl sequence. */
static uint32_t script(uint32_t seed, uint32_t n) {
    uint32_t h = seed + n * 0x9E3779B9U;
    h = (h ^ h >> 16) * 0x85EBCA6BU;
    h = (h ^ h >> 13) * 0xC2B2AE35U;
    return h ^ h >> 16;
}

/** Takes the next number of the script. False when this request is to fail. */
static bool request(scripted_io *io, uint32_t *number) {
    *number = script(io->seed, io->requests++);
    return (io->seed & 1U) == 0 || (*number >> 8 & 0xFFU) != 0;
}

static bool pin_exists(int32_t pin) {
    return pin >= 0 && pin < SCRIPTED_PINS && pin != SCRIPTED_HOLE;
}

static bool is_one_of(int32_t pin, uint32_t pins) {
    return (pins >> (uint32_t)pin & 1U) != 0;
}

static uint8_t pin_mode(void *context, int32_t pin, uint8_t mode) {
    scripted_io *io = context;
    uint32_t number;
    if (!request(io, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    io->modes[pin] = mode;
    return CVM_ERR_NONE;
}

static uint8_t digital_write(void *context, int32_t pin, uint8_t level) {
    scripted_io *io = context;
    uint32_t number;
    (void)level;
    if (!request(io, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    return io->modes[pin] == CVM_PIN_OUTPUT ? CVM_ERR_NONE : CVM_ERR_HARDWARE_FAULT;
}

static uint8_t digital_read(void *context, int32_t pin, uint8_t *out) {
    scripted_io *io = context;
    uint32_t number;
    if (!request(io, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if (io->modes[pin] == SCRIPTED_UNCONFIGURED) {
        io->modes[pin] = CVM_PIN_INPUT;
    }
    *out = number & 1U;
    return CVM_ERR_NONE;
}

static uint8_t analog_write(void *context, int32_t pin, uint8_t value) {
    uint32_t number;
    (void)value;
    if (!request(context, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    return is_one_of(pin, PWM_PINS | DAC_PINS) ? CVM_ERR_NONE : CVM_ERR_HARDWARE_FAULT;
}

static uint8_t analog_read(void *context, int32_t pin, uint16_t *out) {
    uint32_t number;
    if (!request(context, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    if (!pin_exists(pin)) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    if (!is_one_of(pin, ADC_PINS)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    /* The ends of the range come often. */
    switch (number & 7U) {
    case 0:
        *out = 0;
        break;
    case 1:
        *out = CVM_ANALOG_READ_MAX;
        break;
    default:
        *out = (uint16_t)(number >> 20);
        break;
    }
    return CVM_ERR_NONE;
}

static uint8_t button(void *context, int32_t id, uint8_t *out) {
    uint32_t number;
    if (!request(context, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    if (id < 0 || id >= SCRIPTED_BUTTONS) {
        return CVM_ERR_INVALID_ARGUMENT;
    }
    *out = number & 1U;
    return CVM_ERR_NONE;
}

static uint8_t delay(void *context, uint32_t ms) {
    scripted_io *io = context;
    uint32_t number;
    if (!request(io, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    io->delay_ms += ms;
    if ((io->seed & 2U) != 0) {
        cvm_pause(io->engine);
    }
    return CVM_ERR_NONE;
}

static uint8_t millis(void *context, uint32_t *out) {
    scripted_io *io = context;
    uint32_t number;
    if (!request(io, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    *out = io->delay_ms + (uint32_t)(io->engine->steps * CVM_VIRTUAL_US_PER_INSTRUCTION / 1000U);
    return CVM_ERR_NONE;
}

static uint8_t micros(void *context, uint32_t *out) {
    scripted_io *io = context;
    uint32_t number;
    if (!request(io, &number)) {
        return CVM_ERR_HARDWARE_FAULT;
    }
    *out = 1000U * io->delay_ms + (uint32_t)io->engine->steps * CVM_VIRTUAL_US_PER_INSTRUCTION;
    return CVM_ERR_NONE;
}

static uint8_t print(void *context, const uint8_t *bytes, uint8_t length) {
    uint32_t number;
    (void)bytes;
    (void)length;
    return request(context, &number) ? CVM_ERR_NONE : CVM_ERR_HARDWARE_FAULT;
}

void scripted_io_init(scripted_io *io, cvm_engine *engine, uint32_t seed) {
    *io = (scripted_io){
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
        .seed = seed,
    };
    memset(io->modes, SCRIPTED_UNCONFIGURED, sizeof io->modes);
}
