/**
 * The serial line's rate: changed by RATE, and taken back when the host is not understood at the
 * new one (docs/wire.md, Rates).
 */
#ifndef COCKPIT_RATE_H
#define COCKPIT_RATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    /** At another rate than BOARD_RATE_START, silence of so many milliseconds ends it. Shorter than
       the three tries, 1,500 ms, after which the host asks at BOARD_RATE_START. */
    RATE_BACK_MS = 1200,
};

/** To be called at the agent's start: the line is at BOARD_RATE_START from then on. */
void rate_init(void);

/** The line is to change to a rate that board_rate_plan() has approved, as soon as rate_switch() is
 * called. */
void rate_request(uint32_t baud);

/** True from rate_request() to rate_switch(): nothing may be received or sent but what is queued.
 */
bool rate_is_due(void);

/** Changes the rate. What was sent must have left. */
void rate_switch(uint64_t now_us);

/** A request arrived whole. */
void rate_heard(uint64_t now_us);

/**
 * Goes back to BOARD_RATE_START when the host has been silent for too long. Returns the
 * microseconds until it would, BOARD_IDLE_FOREVER at that rate.
 */
int64_t rate_poll(uint64_t now_us);

#endif
