#include "divide.h"
#include "io.h"

/** docs/vm.md: D, the delays, and N, the instructions executed before the present one. */
static uint8_t delay(void *context, uint32_t ms) {
    io_context *io = context;
    io->virtual_delay_ms += ms;
    return CVM_ERR_NONE;
}

static uint64_t instructions_us(const io_context *io) {
    return io->engine->steps * CVM_VIRTUAL_US_PER_INSTRUCTION;
}

static uint8_t millis(void *context, uint32_t *out) {
    const io_context *io = context;
    *out = io->virtual_delay_ms + (uint32_t)divide(instructions_us(io), 1000);
    return CVM_ERR_NONE;
}

static uint8_t micros(void *context, uint32_t *out) {
    const io_context *io = context;
    *out = io->virtual_delay_ms * 1000U + (uint32_t)instructions_us(io);
    return CVM_ERR_NONE;
}

void io_use_virtual_clock(IOController *controller) {
    controller->delay = delay;
    controller->millis = millis;
    controller->micros = micros;
}
