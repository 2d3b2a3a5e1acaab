/** What the board tells of itself, and its watchdog. */
#include "board.h"
#include "rate.h"
#include "request_context.h"
#include "session.h"

/** Names of the BOARD_RESET_ bits, the lowest first (docs/wire.md, Board). */
static const char *const reset_names[] = {
    "options", "pin", "power", "software", "watchdog", "window-watchdog", "low-power",
};

static void add_reset(wire_writer *writer, const board_health *health) {
    const char *separator = "";
    if (!health->reset_known) {
        wire_add_key_text(writer, "reset", "unknown");
        return;
    }
    wire_add_key_text(writer, "reset", health->reset_causes == 0 ? "none" : "");
    for (uint32_t i = 0; i < sizeof reset_names / sizeof reset_names[0]; i++) {
        if ((health->reset_causes >> i & 1U) != 0) {
            text_string(writer, separator);
            text_string(writer, reset_names[i]);
            separator = ",";
        }
    }
}

static void add_register(wire_writer *writer, const char *key, uint32_t value) {
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    wire_add_key_hex(writer, key, bytes, sizeof bytes);
}

static void add_crash(wire_writer *writer, const board_crash *crash) {
    wire_add_key_u32(writer, "crash", crash->exception);
    add_register(writer, "pc", crash->pc);
    add_register(writer, "lr", crash->lr);
    add_register(writer, "psr", crash->psr);
    add_register(writer, "sp", crash->sp);
    add_register(writer, "cfsr", crash->cfsr);
    add_register(writer, "hfsr", crash->hfsr);
    add_register(writer, "mmfar", crash->mmfar);
    add_register(writer, "bfar", crash->bfar);
    if (crash->vm != SESSION_NO_VM) {
        wire_add_key_u32(writer, "vm", crash->vm);
        wire_add_key_u32(writer, "steps", crash->steps);
    }
}

void request_board(request_context *it) {
    board_health health;
    wire_writer *writer = &it->writer;
    board_health_read(&health);
    add_reset(writer, &health);
    if (health.stack_bytes != 0) {
        wire_add_key_u32(writer, "stack", health.stack_bytes);
        wire_add_key_u32(writer, "used", health.stack_used);
    }
    wire_add_key_u32(writer, "lost", health.rx_lost);
    if (health.has_watchdog) {
        wire_add_key_u32(writer, "watchdog", health.watchdog_ms);
    }
    if (health.vdda_mv != 0) {
        wire_add_key_u32(writer, "vdda", health.vdda_mv);
    } else {
        wire_add_key_text(writer, "vdda", "-");
    }
    if (health.crash != NULL) {
        add_crash(writer, health.crash);
    }
}

void request_watchdog(request_context *it) {
    uint32_t ms;
    if (!request_number(it, 1, &ms)) {
        return;
    }
    if (ms < BOARD_WATCHDOG_LEAST_MS || ms > BOARD_WATCHDOG_MOST_MS) {
        request_refuse(it, "bad-request", "the_time_is_not_100..30000_ms");
        return;
    }
    if (!board_watchdog_start(ms)) {
        request_refuse(it, "unsupported", "this_board_has_no_watchdog");
        return;
    }
    request_ok(it);
}

void request_rate(request_context *it) {
    uint32_t baud;
    board_rate made;
    if (!request_number(it, 1, &baud)) {
        return;
    }
    if (board_rate_max() == 0) {
        request_refuse(it, "unsupported", "this_line_has_no_rate");
        return;
    }
    if (!board_rate_plan(baud, &made)) {
        request_refuse(it, "bad-request", "this_board_can't_make_that_rate");
        return;
    }
    it->baud = baud;
    request_ok(it);
    wire_add_key_u32(&it->writer, "baud", made.baud);
    wire_add_key_u32(&it->writer, "ppm", made.ppm);
    wire_add_key_u32(&it->writer, "back", RATE_BACK_MS);
}
