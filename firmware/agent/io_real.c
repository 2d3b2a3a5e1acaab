#include "board.h"
#include "divide.h"
#include "io.h"

/** Returns at once: the scheduler leaves the VM alone until the time is over, and the agent
 * answers. */
static uint8_t delay(void *context, uint32_t ms) {
    io_context *io = context;
    if (ms != 0) {
        io->wake_us = board_micros() + (uint64_t)ms * 1000U;
        io->waiting = true;
        cvm_pause(io->engine);
    }
    return CVM_ERR_NONE;
}

static uint8_t millis(void *context, uint32_t *out) {
    (void)context;
    *out = (uint32_t)divide(board_micros(), 1000);
    return CVM_ERR_NONE;
}

static uint8_t micros(void *context, uint32_t *out) {
    (void)context;
    *out = (uint32_t)board_micros();
    return CVM_ERR_NONE;
}

void io_use_real_clock(IOController *controller) {
    controller->delay = delay;
    controller->millis = millis;
    controller->micros = micros;
}
