/** What the handlers of requests share; for requests*.c only. */
#ifndef COCKPIT_REQUEST_CONTEXT_H
#define COCKPIT_REQUEST_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

/** Bytes that one line can carry at most in base64. */
enum { REQUEST_BYTES_MAX = WIRE_LINE_MAX / 4 * 3 };

/** One request while it is answered. A handler adds the reply's fields, or refuses. */
typedef struct {
    const wire_frame *frame;
    char *reply;
    wire_writer writer;
    /** What STATUS shows. */
    uint32_t bad_frames;
    /** Set by REBOOT. */
    bool reboot;
    /** Set by RATE: the rate to change to; 0: none. */
    uint32_t baud;
} request_context;

/** Bytes from or for base64, one request at a time. */
extern uint8_t request_bytes[REQUEST_BYTES_MAX];

/** Makes the reply a refusal. */
void request_refuse(request_context *it, const char *code, const char *detail);

/** Refuses because there are too many or too few fields. */
void request_refuse_count(request_context *it);

/** Adds `ok`. */
void request_ok(request_context *it);

/** The field `index` as a number; refuses and returns false when it is none. */
bool request_number(request_context *it, uint32_t index, uint32_t *out);

/* Requests about the board; requests_board.c. */
void request_board(request_context *it);
void request_watchdog(request_context *it);
void request_rate(request_context *it);

/* Requests about one VM; requests_vm.c. */
void request_load(request_context *it);
void request_data(request_context *it);
void request_commit(request_context *it);
#ifdef CVM_TRACE
void request_script(request_context *it);
#endif
void request_reset(request_context *it);
void request_go(request_context *it);
void request_poll(request_context *it);
void request_status(request_context *it);
void request_stop(request_context *it);
void request_peek(request_context *it);

#endif
