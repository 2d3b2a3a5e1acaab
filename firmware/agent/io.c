#include "io.h"

#include <stddef.h>

#include "board.h"

/**
 * The VM's text goes out in its effect records; otherwise nobody asked for it. Formatting it took
 * as long as many other instructions: the run loop returns, so that the agent comes to its turn.
 */
static uint8_t print(void *context, const uint8_t *bytes, uint8_t length) {
    const io_context *io = context;
    (void)bytes;
    (void)length;
    cvm_pause(io->engine);
    return CVM_ERR_NONE;
}

void io_init(io_context *io, cvm_engine *engine) {
    *io = (io_context){.engine = engine};
    io->controller.context = io;
    io->controller.print = print;
    io_use_pins(&io->controller);
    io_use_virtual_clock(&io->controller);
    /* After a restart on a host the board remembers who configured what. */
    io_release_pins(io);
}

void io_reset(io_context *io) {
    io_release_pins(io);
    io->virtual_delay_ms = 0;
    io->waiting = false;
#ifdef CVM_TRACE
    if (io->script != NULL) {
        script_rewind(io->script);
    }
#endif
}

bool io_awake(io_context *io, uint64_t now_us) {
    if (io->waiting && now_us >= io->wake_us) {
        io->waiting = false;
    }
    return !io->waiting;
}
