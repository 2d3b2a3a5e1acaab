/** What each request does, and its reply. */
#ifndef COCKPIT_REQUESTS_H
#define COCKPIT_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

typedef struct {
    /** Bytes of the reply's line. */
    size_t length;
    /** The board is to be reset when the reply has left. */
    bool reboot;
    /** The line is to change to this rate when the reply has left; 0: none. */
    uint32_t baud;
} requests_result;

/**
 * Executes a request and writes its reply or refusal into `reply` (WIRE_LINE_MAX bytes).
 * `bad_frames` is what STATUS shows.
 */
requests_result requests_answer(const wire_frame *request, char *reply, uint32_t bad_frames);

#endif
