#include "events.h"

#include "epochs.h"
#include "session.h"
#include "wire.h"

bool events_due(uint8_t vm) {
    epochs_event unsent;
    return session_unsent(vm) != NULL || epochs_unsent(vm, &unsent) || session_done_due(vm);
}

/** The end of TRACE and INPUTS. */
static void add_chunk(wire_writer *writer, const chunk *it) {
    wire_add_u32(writer, it->first);
    wire_add_u32(writer, it->count);
    wire_add_u32(writer, it->us);
    wire_add_base64(writer, it->bytes, it->length);
}

static void add_trace(wire_writer *writer, uint8_t vm) {
    wire_add_text(writer, "TRACE");
    wire_add_u32(writer, vm);
    add_chunk(writer, session_unsent(vm));
    session_mark_sent(vm);
}

static void add_epoch(wire_writer *writer, uint8_t vm, const epochs_event *event) {
    if (event->inputs != NULL) {
        wire_add_text(writer, "INPUTS");
        wire_add_u32(writer, vm);
        wire_add_u32(writer, event->check.epoch);
        add_chunk(writer, event->inputs);
    } else {
        uint8_t bytes[WIRE_CHECK_BYTES];
        const size_t length = wire_put_check(bytes, &event->check);
        wire_add_text(writer, event->check.full ? "F" : "CHECK");
        wire_add_u32(writer, vm);
        wire_add_base64(writer, bytes, length);
    }
    epochs_mark_sent(vm);
}

static void add_done(wire_writer *writer, uint8_t vm) {
    const session_status status = session_get_status(vm);
    wire_add_text(writer, "DONE");
    wire_add_u32(writer, vm);
    wire_add_text(writer, session_reason_name(status.reason));
    wire_add_u32(writer, (uint32_t)status.engine->steps);
    wire_add_u32(writer, status.engine->pc);
    wire_add_u32(writer, status.engine->error);
    session_mark_done_sent(vm);
}

size_t events_write(uint8_t vm, uint8_t seq, char *line) {
    wire_writer writer;
    epochs_event epoch;
    wire_begin(&writer, line, WIRE_EVENT, seq);
    if (session_unsent(vm) != NULL) {
        add_trace(&writer, vm);
    } else if (epochs_unsent(vm, &epoch)) {
        add_epoch(&writer, vm, &epoch);
    } else {
        add_done(&writer, vm);
    }
    return wire_finish(&writer);
}
