#include "rate.h"

#include "board.h"

enum { BACK_US = RATE_BACK_MS * 1000 };

/** 0: none is due. */
static uint32_t due_baud;
/** The line is at another rate than BOARD_RATE_START. */
static bool changed;
static uint64_t heard_us;

static void set(uint32_t baud) {
    board_rate_set(baud);
    changed = baud != BOARD_RATE_START;
}

void rate_init(void) {
    due_baud = 0;
    if (changed) {
        set(BOARD_RATE_START);
    }
}

void rate_request(uint32_t baud) {
    due_baud = baud;
}

bool rate_is_due(void) {
    return due_baud != 0;
}

void rate_switch(uint64_t now_us) {
    set(due_baud);
    due_baud = 0;
    heard_us = now_us;
}

void rate_heard(uint64_t now_us) {
    heard_us = now_us;
}

int64_t rate_poll(uint64_t now_us) {
    if (!changed) {
        return BOARD_IDLE_FOREVER;
    }
    const uint64_t silent_us = now_us - heard_us;
    if (silent_us < BACK_US) {
        return (int64_t)(BACK_US - silent_us);
    }
    set(BOARD_RATE_START);
    return BOARD_IDLE_FOREVER;
}
