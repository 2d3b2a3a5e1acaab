/**
 * What a VM reads in place of the board's pins (docs/wire.md, Scripted inputs). Only in builds with
 * CVM_TRACE.
 */
#ifndef COCKPIT_SCRIPT_H
#define COCKPIT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board_pins.h"

enum {
    /** `script` of HELLO. */
    SCRIPT_BYTES = 1024,
    /** Pins as digital and as analog ones, and buttons. */
    SCRIPT_PORTS = 2 * BOARD_PIN_COUNT + BOARD_BUTTON_COUNT,
};

/** A VM's script and how far it was read. */
typedef struct {
    /** Reads of each port since the script began. */
    uint32_t reads[SCRIPT_PORTS];
    uint32_t length;
    uint8_t bytes[SCRIPT_BYTES];
} script;

/**
 * Takes `length` bytes at `offset`, which is at most the length so far; what stood there and behind
 * goes. False when they don't fit or make an entry that isn't one: then they are not taken.
 */
bool script_put(script *it, uint32_t offset, const uint8_t *bytes, size_t length);

/** The last entry is complete. */
bool script_is_whole(const script *it);

/** Every port begins anew. */
void script_rewind(script *it);

/**
 * Counts a read of a port, CVM_PORT_DIGITAL or CVM_PORT_ANALOG plus a pin of the board or
 * CVM_PORT_BUTTON plus one of its buttons, and gives its value. False, and nothing given, when the
 * script says nothing of it.
 */
bool script_read(script *it, uint32_t port, uint32_t *value);

#endif
