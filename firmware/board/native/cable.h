/** A serial cable in place of the pseudo terminal, which passes bytes whatever rates its ends have.
 */
#ifndef NATIVE_CABLE_H
#define NATIVE_CABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One line of standard input: `cable BAUD SEED`, a cable that carries at most BAUD bits per
 * second. False when it is none. */
bool cable_command(const char *line);

/** Whether there is a cable; without one the line has no rate. */
bool cable_present(void);

/** The board's rate. */
void cable_set_rate(uint32_t baud);

/**
 * Damages bytes that pass: all of them when the rates at the two ends differ, about one in 16 when
 * the rate is above what the cable carries. `terminal` is the pseudo terminal, which knows the
 * host's rate.
 */
void cable_pass(int terminal, uint8_t *bytes, size_t length);

#endif
