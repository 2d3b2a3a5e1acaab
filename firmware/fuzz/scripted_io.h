/**
 * An io controller whose world is a script: what the program reads follows from a seed, and so do
 * the moments at which a request is answered with a hardware fault. src/fuzz/world.ts is the same
 * script for the reference model; the two must agree to the bit.
 */
#ifndef COCKPIT_FUZZ_SCRIPTED_IO_H
#define COCKPIT_FUZZ_SCRIPTED_IO_H

#include "vm_engine.h"
#include "vm_io.h"

enum {
    SCRIPTED_PINS = 23,
    /** There is no such pin, though there are higher ones. */
    SCRIPTED_HOLE = 7,
    SCRIPTED_BUTTONS = 2,
};

/** One VM's world. */
typedef struct {
    /** What the engine calls; its context is this struct. */
    IOController controller;
    /** Borrowed: its executed count drives the virtual clock, and a DELAY may pause it. */
    cvm_engine *engine;
    uint32_t seed;
    /** Requests so far, those that were refused included. */
    uint32_t requests;
    /** Sum of the delays, ms modulo 2^32. */
    uint32_t delay_ms;
    /** Mode of each pin, enum cvm_pin_mode; SCRIPTED_UNCONFIGURED. */
    uint8_t modes[SCRIPTED_PINS];
} scripted_io;

enum { SCRIPTED_UNCONFIGURED = 0xFF };

/**
 * Starts a world. An odd seed also has hardware faults, one in 256 requests; one with bit 1 set
 * calls cvm_pause() in every DELAY, which changes nothing but where cvm_run() comes back.
 */
void scripted_io_init(scripted_io *io, cvm_engine *engine, uint32_t seed);

#endif
