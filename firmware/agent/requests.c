#include "requests.h"

#include "arena.h"
#include "board.h"
#include "board_pins.h"
#include "version.h"
#include "vm_defect.h"

enum {
    PROTOCOL_VERSION = 1,
    PEEK_MAX = 256,
    /** Bytes that one line can carry at most in base64. */
    DATA_MAX = WIRE_LINE_MAX / 4 * 3,
};

/** One request while it is answered. */
typedef struct {
    const wire_frame *frame;
    char *reply;
    wire_writer writer;
    uint32_t bad_frames;
    bool reboot;
} context;

/** Bytes from or for base64. */
static uint8_t bytes[DATA_MAX];

static void refuse(context *it, const char *code, const char *detail) {
    wire_begin(&it->writer, it->reply, WIRE_REFUSAL, it->frame->seq);
    wire_add_text(&it->writer, code);
    wire_add_text(&it->writer, detail);
}

static void ok(context *it) {
    wire_add_text(&it->writer, "ok");
}

/* ---- fields; each refuses and returns false when the field is not what it should be ---- */

static bool number(context *it, uint32_t index, uint32_t *out) {
    if (wire_field_u32(&it->frame->fields[index], out)) {
        return true;
    }
    refuse(it, "bad-request", "a_number_is_no_decimal_u32");
    return false;
}

static bool vm_id(context *it, uint8_t *out) {
    uint32_t value;
    if (!number(it, 1, &value)) {
        return false;
    }
    if (value >= CVM_POOL_SIZE) {
        refuse(it, "bad-vm", "the_VM_id_is_not_0..3");
        return false;
    }
    *out = (uint8_t)value;
    return true;
}

static bool idle_vm(context *it, uint8_t *out) {
    if (!vm_id(it, out)) {
        return false;
    }
    if (session_running(*out)) {
        refuse(it, "busy", "the_VM_runs");
        return false;
    }
    return true;
}

/** An idle VM that has a program. */
static bool ready_vm(context *it, uint8_t *out) {
    if (!idle_vm(it, out)) {
        return false;
    }
    if (!session_has_program(*out)) {
        refuse(it, "bad-vm", "the_VM_has_no_program");
        return false;
    }
    return true;
}

/** True or false for one of two words. */
static bool choice(context *it, uint32_t index, const char *yes, const char *no, bool *out) {
    const wire_field *field = &it->frame->fields[index];
    *out = wire_field_is(field, yes);
    if (*out || wire_field_is(field, no)) {
        return true;
    }
    refuse(it, "bad-request", "a_word_is_unknown");
    return false;
}

/* ---- requests ---- */

static void hello(context *it) {
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
#ifdef CVM_TRACE
    wire_add_key_u32(writer, "traced", 1);
#else
    wire_add_key_u32(writer, "traced", 0);
#endif
}

static void load(context *it) {
    uint8_t vm;
    uint32_t size;
    uint32_t crc32;
    if (!idle_vm(it, &vm) || !number(it, 2, &size) || !number(it, 3, &crc32)) {
        return;
    }
    if (!session_load(vm, size, crc32)) {
        refuse(it, "no-room", "no_gap_in_the_arena_is_that_long");
        return;
    }
    ok(it);
}

static void data(context *it) {
    uint8_t vm;
    uint32_t offset;
    uint32_t size;
    size_t length;
    if (!idle_vm(it, &vm) || !number(it, 2, &offset)) {
        return;
    }
    if (!wire_field_base64(&it->frame->fields[3], bytes, sizeof bytes, &length)) {
        refuse(it, "bad-request", "the_bytes_are_no_base64");
        return;
    }
    uint8_t *upload = session_upload(vm, &size);
    if (upload == NULL) {
        refuse(it, "bad-request", "there_was_no_LOAD_before");
        return;
    }
    if (offset > size || length > size - offset) {
        refuse(it, "bad-request", "beyond_the_size_that_LOAD_gave");
        return;
    }
    for (size_t i = 0; i < length; i++) {
        upload[offset + i] = bytes[i];
    }
    ok(it);
    wire_add_key_u32(&it->writer, "next", offset + (uint32_t)length);
}

static void commit(context *it) {
    uint8_t vm;
    uint32_t size;
    if (!idle_vm(it, &vm)) {
        return;
    }
    if (session_upload(vm, &size) == NULL) {
        refuse(it, "bad-request", "there_was_no_LOAD_before");
        return;
    }
    const cvm_image_reason reason = session_commit(vm);
    if (reason != CVM_IMAGE_OK) {
        refuse(it, "bad-image", cvm_image_reason_name(reason));
        return;
    }
    const cvm_engine *engine = session_get_status(vm).engine;
    ok(it);
    wire_add_key_u32(&it->writer, "instructions", engine->instruction_count);
    wire_add_key_u32(&it->writer, "strings", engine->string_count);
}

static void reset(context *it) {
    uint8_t vm;
    if (ready_vm(it, &vm)) {
        session_reset(vm);
        ok(it);
    }
}

static void go(context *it) {
    uint8_t vm;
    session_budget budget;
    if (!ready_vm(it, &vm) || !choice(it, 2, "trace", "free", &budget.trace) ||
        !choice(it, 3, "real", "virtual", &budget.real_clock) || !number(it, 4, &budget.steps) ||
        !number(it, 5, &budget.loops)) {
        return;
    }
#ifndef CVM_TRACE
    if (budget.trace) {
        refuse(it, "unsupported", "this_build_can't_trace");
        return;
    }
#endif
    session_go(vm, &budget);
    ok(it);
}

static const char *state_name(session_state state) {
    switch (state) {
    case SESSION_EMPTY:
        return "empty";
    case SESSION_LOADED:
        return "loaded";
    case SESSION_RUNNING:
        return "running";
    case SESSION_WAITING:
        return "waiting";
    case SESSION_DONE:
        return "done";
    }
    return "unknown";
}

const char *requests_reason_name(session_reason reason) {
    switch (reason) {
    case SESSION_NONE:
        return "none";
    case SESSION_STEPS:
        return "steps";
    case SESSION_LOOPS:
        return "loops";
    case SESSION_HALTED:
        return "halted";
    case SESSION_FAULT:
        return "fault";
    case SESSION_STOPPED:
        return "stopped";
    }
    return "unknown";
}

static void add_status(context *it, uint8_t vm) {
    const session_status status = session_get_status(vm);
    wire_writer *writer = &it->writer;
    ok(it);
    wire_add_key_text(writer, "state", state_name(status.state));
    wire_add_key_text(writer, "reason", requests_reason_name(status.reason));
    wire_add_key_u32(writer, "steps", (uint32_t)status.engine->steps);
    wire_add_key_u32(writer, "rounds", status.engine->rounds);
    wire_add_key_u32(writer, "pc", status.engine->pc);
    wire_add_key_u32(writer, "sp", status.engine->sp);
    wire_add_key_u32(writer, "depth", status.engine->depth);
    wire_add_key_u32(writer, "error", status.engine->error);
    wire_add_key_u32(writer, "sent", status.sent);
    wire_add_key_u32(writer, "badframes", it->bad_frames);
    wire_add_key_u32(writer, "us", (uint32_t)board_micros());
}

static void poll(context *it) {
    uint8_t vm;
    uint32_t next;
    if (!vm_id(it, &vm) || !number(it, 2, &next)) {
        return;
    }
    if (!session_acknowledge(vm, next)) {
        refuse(it, "bad-request", "that_step_was_never_sent");
        return;
    }
    add_status(it, vm);
}

static void status(context *it) {
    uint8_t vm;
    if (vm_id(it, &vm)) {
        add_status(it, vm);
    }
}

static void stop(context *it) {
    uint8_t vm;
    if (vm_id(it, &vm)) {
        session_stop(vm);
        add_status(it, vm);
    }
}

static bool region(context *it, session_region *out) {
    static const struct {
        const char *name;
        session_region region;
    } regions[] = {
        {"globals", SESSION_GLOBALS}, {"arrays", SESSION_ARRAYS}, {"lengths", SESSION_LENGTHS},
        {"stack", SESSION_STACK},     {"frames", SESSION_FRAMES}, {"image", SESSION_IMAGE},
    };
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (wire_field_is(&it->frame->fields[2], regions[i].name)) {
            *out = regions[i].region;
            return true;
        }
    }
    refuse(it, "bad-request", "the_region_is_unknown");
    return false;
}

static void peek(context *it) {
    uint8_t vm;
    session_region from;
    uint32_t offset;
    uint32_t length;
    if (!vm_id(it, &vm) || !region(it, &from) || !number(it, 3, &offset) ||
        !number(it, 4, &length)) {
        return;
    }
    if (length > PEEK_MAX || !session_peek(vm, from, offset, length, bytes)) {
        refuse(it, "bad-request", "beyond_the_region_or_over_256_bytes");
        return;
    }
    wire_add_base64(&it->writer, bytes, length);
}

static void echo(context *it) {
    size_t length;
    if (!wire_field_base64(&it->frame->fields[1], bytes, sizeof bytes, &length)) {
        refuse(it, "bad-request", "the_bytes_are_no_base64");
        return;
    }
    wire_add_base64(&it->writer, bytes, length);
}

static void reboot(context *it) {
    it->reboot = true;
    ok(it);
}

/** Every request: its name, the fields of its frame with the name, and what it does. */
static const struct {
    const char *name;
    uint16_t fields;
    void (*answer)(context *it);
} requests[] = {
    {"HELLO", 1, hello}, {"LOAD", 4, load}, {"DATA", 4, data}, {"COMMIT", 2, commit},
    {"RESET", 2, reset}, {"GO", 6, go},     {"POLL", 3, poll}, {"STATUS", 2, status},
    {"STOP", 2, stop},   {"PEEK", 5, peek}, {"ECHO", 2, echo}, {"REBOOT", 1, reboot},
};

static void dispatch(context *it) {
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (it->frame->count == 0 || !wire_field_is(&it->frame->fields[0], requests[i].name)) {
            continue;
        }
        if (it->frame->count != requests[i].fields) {
            refuse(it, "bad-request", "the_number_of_fields_is_wrong");
            return;
        }
        requests[i].answer(it);
        return;
    }
    refuse(it, "bad-request", "the_request_is_unknown");
}

requests_result requests_answer(const wire_frame *request, char *reply, uint32_t bad_frames) {
    context it = {.frame = request, .reply = reply, .bad_frames = bad_frames};
    wire_begin(&it.writer, reply, WIRE_REPLY, request->seq);
    dispatch(&it);
    size_t length = wire_finish(&it.writer);
    if (length == 0) {
        refuse(&it, "unsupported", "the_reply_is_longer_than_a_line");
        length = wire_finish(&it.writer);
    }
    return (requests_result){.length = length, .reboot = it.reboot};
}

/* ---- for a person ---- */

size_t requests_describe(char *text, size_t capacity, uint32_t bad_frames) {
    text_buffer out;
    text_init(&out, text, capacity);
    text_string(&out, "cockpit-hil agent on " BOARD_ID ", firmware ");
    text_string(&out, version_git());
    text_string(&out, " (");
    text_string(&out, version_build());
    text_string(&out, "), up ");
    text_u32(&out, (uint32_t)(board_micros() / 1000000U));
    text_string(&out, " s, damaged frames ");
    text_u32(&out, bad_frames);
    text_string(&out, "\r\n");
    for (uint8_t vm = 0; vm < CVM_POOL_SIZE; vm++) {
        const session_status status = session_get_status(vm);
        text_string(&out, "VM ");
        text_u32(&out, vm);
        text_string(&out, ": ");
        text_string(&out, state_name(status.state));
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
