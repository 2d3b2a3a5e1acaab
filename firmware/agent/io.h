/**
 * The io controllers of the VMs: real pins in either case, and one of two clocks (docs/vm.md, Input
 * and output). The virtual clock counts instructions and delays; the real one is the board's.
 */
#ifndef COCKPIT_IO_H
#define COCKPIT_IO_H

#include <stdbool.h>
#include <stdint.h>

#include "board_pins.h"
#include "script.h"
#include "vm_engine.h"
#include "vm_io.h"

/** One VM's side of the world. */
typedef struct {
    /** What the engine calls; its context is this struct. */
    IOController controller;
    /** Borrowed: its executed count drives the virtual clock, and a real delay pauses it. */
    cvm_engine *engine;
    /** board_pin_mode of each pin, as this VM configured it. */
    uint8_t modes[BOARD_PIN_COUNT];
    /** Sum of the delays on the virtual clock, ms modulo 2^32. */
    uint32_t virtual_delay_ms;
    /** In a real-time delay until `wake_us` (board_micros); the engine must not be stepped. */
    bool waiting;
    uint64_t wake_us;
#ifdef CVM_TRACE
    /** Read in place of pins and buttons; borrowed. NULL: the board's own. */
    script *script;
#endif
} io_context;

/** Starts with the virtual clock and no pin configured. */
void io_init(io_context *io, cvm_engine *engine);

/**
 * For load and reset of the VM: both clocks' state is cleared, its script begins anew, and the pins
 * that this VM was the last to configure are unconfigured on the board.
 */
void io_reset(io_context *io);

/** Ends a real-time delay whose time has come. True when the engine may be stepped. */
bool io_awake(io_context *io, uint64_t now_us);

/** io_virtual.c: time from instructions and delays; a delay is over at once. */
void io_use_virtual_clock(IOController *controller);

/** io_real.c: the board's time; a delay sets `waiting`. */
void io_use_real_clock(IOController *controller);

/** io_pins.c: pins and buttons of the board. */
void io_use_pins(IOController *controller);

/** Unconfigures the pins of this VM; see io_reset(). */
void io_release_pins(io_context *io);

/** io_buttons.c: takes the buttons' present levels as stable. */
void io_buttons_init(void);

/**
 * Looks at the buttons. A level counts when it has been the same for 20 ms. Returns the
 * microseconds until it must be called again though nothing happens, or -1.
 */
int64_t io_buttons_poll(uint64_t now_us);

/** Whether button `id`, below BOARD_BUTTON_COUNT, is pressed. */
bool io_button_pressed(uint32_t id);

#endif
