#include "describe.h"

#include "board.h"
#include "board_pins.h"
#include "divide.h"
#include "session.h"
#include "version.h"

size_t describe(char *text, size_t capacity, uint32_t bad_frames) {
    text_buffer out;
    text_init(&out, text, capacity);
    text_string(&out, "cockpit-hil agent on " BOARD_ID ", firmware ");
    text_string(&out, version_git());
    text_string(&out, " (");
    text_string(&out, version_build());
    text_string(&out, "), up ");
    text_u32(&out, (uint32_t)divide(divide(board_micros(), 1000), 1000));
    text_string(&out, " s, damaged frames ");
    text_u32(&out, bad_frames);
    text_string(&out, "\r\n");
    for (uint8_t vm = 0; vm < CVM_POOL_SIZE; vm++) {
        const session_status status = session_get_status(vm);
        text_string(&out, "VM ");
        text_u32(&out, vm);
        text_string(&out, ": ");
        text_string(&out, session_state_name(status.state));
        if (status.state != SESSION_EMPTY) {
            text_string(&out, ", pc ");
            text_u32(&out, status.engine->pc);
            text_string(&out, ", error ");
            text_u32(&out, status.engine->error);
        }
        text_string(&out, "\r\n");
    }
    board_describe(&out);
    return out.length;
}
