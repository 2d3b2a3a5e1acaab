/** What the agent sends unasked: docs/wire.md, Events. */
#ifndef COCKPIT_EVENTS_H
#define COCKPIT_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Whether VM `vm` has an event to send. */
bool events_due(uint8_t vm);

/**
 * Writes the next event of VM `vm`, which has one, into `line` (WIRE_LINE_MAX bytes), and notes
 * that it was sent. Returns the bytes of the line.
 */
size_t events_write(uint8_t vm, uint8_t seq, char *line);

#endif
