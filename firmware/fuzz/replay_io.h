/**
 * An io controller that gives a program the values that another run of it read. Pins are as the
 * host describes them; time is virtual, or replayed like everything else.
 */
#ifndef COCKPIT_FUZZ_REPLAY_IO_H
#define COCKPIT_FUZZ_REPLAY_IO_H

#include "vm_engine.h"
#include "vm_io.h"

/** What a pin is, as bits. 0: there is no such pin. */
enum {
    REPLAY_PIN_EXISTS = 1,
    REPLAY_PIN_ADC = 2,
    REPLAY_PIN_PWM = 4,
    REPLAY_PIN_DAC = 8,
};

enum {
    REPLAY_PINS = 256,
    /** Values that may wait to be read. */
    REPLAY_INPUTS = 8192,
    REPLAY_UNCONFIGURED = 0xFF,
};

/** A value read from a port, CVM_PORT_* + id. */
typedef struct {
    uint32_t port;
    uint32_t value;
} replay_input;

/** One VM's pins and clock. */
typedef struct {
    /** What the engine calls; its context is this struct. */
    IOController controller;
    /** Borrowed: its executed count drives the virtual clock. */
    cvm_engine *engine;
    /** Whether millis and micros are replayed instead of computed. */
    bool real_clock;
    uint32_t buttons;
    /** Sum of the delays, ms modulo 2^32. */
    uint32_t delay_ms;
    uint8_t pins[REPLAY_PINS];
    /** enum cvm_pin_mode, or REPLAY_UNCONFIGURED. */
    uint8_t modes[REPLAY_PINS];
    replay_input inputs[REPLAY_INPUTS];
    uint32_t input_count;
    uint32_t next_input;
} replay_io;

/** No pins, no inputs; the host fills in the rest. */
void replay_io_init(replay_io *io, cvm_engine *engine);

#endif
