#include "requests.h"

#include "arena.h"
#include "board.h"
#include "board_pins.h"
#include "request_context.h"
#include "script.h"
#include "session.h"
#include "version.h"
#include "vm_defect.h"

enum { PROTOCOL_VERSION = 4 };

uint8_t request_bytes[REQUEST_BYTES_MAX];

void request_refuse(request_context *it, const char *code, const char *detail) {
    wire_begin(&it->writer, it->reply, WIRE_REFUSAL, it->frame->seq);
    wire_add_text(&it->writer, code);
    wire_add_text(&it->writer, detail);
}

void request_refuse_count(request_context *it) {
    request_refuse(it, "bad-request", "the_number_of_fields_is_wrong");
}

void request_ok(request_context *it) {
    wire_add_text(&it->writer, "ok");
}

bool request_number(request_context *it, uint32_t index, uint32_t *out) {
    if (wire_field_u32(&it->frame->fields[index], out)) {
        return true;
    }
    request_refuse(it, "bad-request", "a_number_is_no_decimal_u32");
    return false;
}

static void hello(request_context *it) {
    uint8_t uid[BOARD_UID_BYTES];
    const uint8_t isa[4] = {
        (uint8_t)(CVM_ISA_HASH >> 24),
        (uint8_t)(CVM_ISA_HASH >> 16),
        (uint8_t)(CVM_ISA_HASH >> 8),
        (uint8_t)CVM_ISA_HASH,
    };
    wire_writer *writer = &it->writer;
    board_uid(uid);
    wire_add_key_u32(writer, "proto", PROTOCOL_VERSION);
    wire_add_key_text(writer, "fw", version_git());
    wire_add_key_text(writer, "build", version_build());
#ifdef COCKPIT_HOT_CCM
    wire_add_key_text(writer, "hot", "ccm");
#endif
    wire_add_key_text(writer, "defect", cvm_defect_name());
    wire_add_key_hex(writer, "isa", isa, sizeof isa);
    wire_add_key_hex(writer, "elf", board_build_id(), BOARD_BUILD_ID_BYTES);
    wire_add_key_text(writer, "board", BOARD_ID);
    wire_add_key_hex(writer, "uid", uid, sizeof uid);
    wire_add_key_u32(writer, "clock", board_clock_hz());
    wire_add_key_u32(writer, "line", WIRE_LINE_MAX);
    wire_add_key_u32(writer, "arena", ARENA_BYTES);
    wire_add_key_u32(writer, "chunks", CHUNKS_PER_VM);
    wire_add_key_u32(writer, "vms", CVM_POOL_SIZE);
    wire_add_key_u32(writer, "vmbytes", CVM_BYTES_PER_VM);
    wire_add_key_u32(writer, "epoch", session_epoch_max);
#ifdef CVM_TRACE
    wire_add_key_u32(writer, "traced", 1);
    wire_add_key_u32(writer, "script", SCRIPT_BYTES);
#else
    wire_add_key_u32(writer, "traced", 0);
#endif
    wire_add_key_u32(writer, "adc", board_has_adc() ? 1 : 0);
    wire_add_key_u32(writer, "rate", board_rate_max());
}

static void echo(request_context *it) {
    size_t length;
    if (!wire_field_base64(&it->frame->fields[1], request_bytes, sizeof request_bytes, &length)) {
        request_refuse(it, "bad-request", "the_bytes_are_no_base64");
        return;
    }
    wire_add_base64(&it->writer, request_bytes, length);
}

static void reboot(request_context *it) {
    it->reboot = true;
    request_ok(it);
}

/** Every request: its name, how many fields its frame has with the name, and what it does. */
static const struct {
    const char *name;
    uint16_t least;
    uint16_t most;
    void (*answer)(request_context *it);
} requests[] = {
    {"HELLO", 1, 1, hello},
    {"LOAD", 4, 4, request_load},
    {"DATA", 4, 4, request_data},
    {"COMMIT", 2, 2, request_commit},
#ifdef CVM_TRACE
    {"SCRIPT", 4, 4, request_script},
#endif
    {"RESET", 2, 2, request_reset},
    {"GO", 6, 7, request_go},
    {"POLL", 3, 3, request_poll},
    {"STATUS", 2, 2, request_status},
    {"STOP", 2, 2, request_stop},
    {"PEEK", 5, 5, request_peek},
    {"ECHO", 2, 2, echo},
    {"BOARD", 1, 1, request_board},
    {"WATCHDOG", 2, 2, request_watchdog},
    {"RATE", 2, 2, request_rate},
    {"REBOOT", 1, 1, reboot},
};

static void dispatch(request_context *it) {
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (it->frame->count == 0 || !wire_field_is(&it->frame->fields[0], requests[i].name)) {
            continue;
        }
        if (it->frame->count < requests[i].least || it->frame->count > requests[i].most) {
            request_refuse_count(it);
            return;
        }
        requests[i].answer(it);
        return;
    }
    request_refuse(it, "bad-request", "the_request_is_unknown");
}

requests_result requests_answer(const wire_frame *request, char *reply, uint32_t bad_frames) {
    request_context it = {.frame = request, .reply = reply, .bad_frames = bad_frames};
    wire_begin(&it.writer, reply, WIRE_REPLY, request->seq);
    dispatch(&it);
    size_t length = wire_finish(&it.writer);
    if (length == 0) {
        request_refuse(&it, "unsupported", "the_reply_is_longer_than_a_line");
        length = wire_finish(&it.writer);
    }
    return (requests_result){.length = length, .reboot = it.reboot, .baud = it.baud};
}
