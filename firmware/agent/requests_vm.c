#include <stddef.h>

#include "board.h"
#include "request_context.h"
#include "session.h"

enum { PEEK_MAX = 256 };

/* ---- fields; each refuses and returns false when the field is not what it should be ---- */

static bool vm_id(request_context *it, uint8_t *out) {
    uint32_t value;
    if (!request_number(it, 1, &value)) {
        return false;
    }
    if (value >= CVM_POOL_SIZE) {
        request_refuse(it, "bad-vm", "the_VM_id_is_not_0..3");
        return false;
    }
    *out = (uint8_t)value;
    return true;
}

static bool idle_vm(request_context *it, uint8_t *out) {
    if (!vm_id(it, out)) {
        return false;
    }
    if (session_running(*out)) {
        request_refuse(it, "busy", "the_VM_runs");
        return false;
    }
    return true;
}

/** An idle VM that has a program. */
static bool ready_vm(request_context *it, uint8_t *out) {
    if (!idle_vm(it, out)) {
        return false;
    }
    if (!session_has_program(*out)) {
        request_refuse(it, "bad-vm", "the_VM_has_no_program");
        return false;
    }
    return true;
}

/** The position of a word in a list. */
static bool choice(request_context *it, uint32_t index, const char *const *words, uint32_t count,
                   uint32_t *out) {
    for (uint32_t i = 0; i < count; i++) {
        if (wire_field_is(&it->frame->fields[index], words[i])) {
            *out = i;
            return true;
        }
    }
    request_refuse(it, "bad-request", "a_word_is_unknown");
    return false;
}

/** The mode of a run, which this build must be capable of. */
static bool run_mode(request_context *it, session_mode *out) {
    static const char *const words[] = {
        [SESSION_FREE] = "free", [SESSION_TRACED] = "trace", [SESSION_DIGEST] = "digest"};
    uint32_t index;
    if (!choice(it, 2, words, 3, &index)) {
        return false;
    }
    *out = (session_mode)index;
    if (*out != SESSION_FREE && session_epoch_max == 0) {
        request_refuse(it, "unsupported", "this_build_can't_trace");
        return false;
    }
    return true;
}

static bool clock_choice(request_context *it, bool *real) {
    static const char *const words[] = {"virtual", "real"};
    uint32_t index;
    if (!choice(it, 3, words, 2, &index)) {
        return false;
    }
    *real = index == 1;
    return true;
}

/** The size of epochs, which digest runs alone have. */
static bool epoch_size(request_context *it, session_mode mode, uint32_t *out) {
    *out = 0;
    if (it->frame->count != (mode == SESSION_DIGEST ? 7 : 6)) {
        request_refuse_count(it);
        return false;
    }
    if (mode != SESSION_DIGEST) {
        return true;
    }
    if (!request_number(it, 6, out)) {
        return false;
    }
    if (*out == 0 || *out > session_epoch_max) {
        request_refuse(it, "bad-request", "the_size_of_epochs_is_out_of_range");
        return false;
    }
    return true;
}

/* ---- requests ---- */

void request_load(request_context *it) {
    uint8_t vm;
    uint32_t size;
    uint32_t crc32;
    if (!idle_vm(it, &vm) || !request_number(it, 2, &size) || !request_number(it, 3, &crc32)) {
        return;
    }
    if (!session_load(vm, size, crc32)) {
        request_refuse(it, "no-room", "no_gap_in_the_arena_is_that_long");
        return;
    }
    request_ok(it);
}

void request_data(request_context *it) {
    uint8_t vm;
    uint32_t offset;
    uint32_t size;
    size_t length;
    if (!idle_vm(it, &vm) || !request_number(it, 2, &offset)) {
        return;
    }
    if (!wire_field_base64(&it->frame->fields[3], request_bytes, sizeof request_bytes, &length)) {
        request_refuse(it, "bad-request", "the_bytes_are_no_base64");
        return;
    }
    uint8_t *upload = session_upload(vm, &size);
    if (upload == NULL) {
        request_refuse(it, "bad-request", "there_was_no_LOAD_before");
        return;
    }
    if (offset > size || length > size - offset) {
        request_refuse(it, "bad-request", "beyond_the_size_that_LOAD_gave");
        return;
    }
    for (size_t i = 0; i < length; i++) {
        upload[offset + i] = request_bytes[i];
    }
    request_ok(it);
    wire_add_key_u32(&it->writer, "next", offset + (uint32_t)length);
}

void request_commit(request_context *it) {
    uint8_t vm;
    uint32_t size;
    if (!idle_vm(it, &vm)) {
        return;
    }
    if (session_upload(vm, &size) == NULL) {
        request_refuse(it, "bad-request", "there_was_no_LOAD_before");
        return;
    }
    const cvm_image_reason reason = session_commit(vm);
    if (reason != CVM_IMAGE_OK) {
        request_refuse(it, "bad-image", cvm_image_reason_name(reason));
        return;
    }
    const cvm_engine *engine = session_get_status(vm).engine;
    request_ok(it);
    wire_add_key_u32(&it->writer, "instructions", engine->instruction_count);
    wire_add_key_u32(&it->writer, "strings", engine->string_count);
}

#ifdef CVM_TRACE
void request_script(request_context *it) {
    uint8_t vm;
    uint32_t offset;
    size_t length;
    if (!ready_vm(it, &vm) || !request_number(it, 2, &offset)) {
        return;
    }
    if (!wire_field_base64(&it->frame->fields[3], request_bytes, sizeof request_bytes, &length)) {
        request_refuse(it, "bad-request", "the_bytes_are_no_base64");
        return;
    }
    switch (session_script(vm, offset, request_bytes, length)) {
    case SESSION_SCRIPT_NO_ROOM:
        request_refuse(it, "no-room", "the_script_doesn't_fit");
        return;
    case SESSION_SCRIPT_BAD:
        request_refuse(it, "bad-request", "an_entry_isn't_one_or_bytes_are_missing_before_these");
        return;
    case SESSION_SCRIPT_TAKEN:
        request_ok(it);
        wire_add_key_u32(&it->writer, "next", offset + (uint32_t)length);
    }
}
#endif

void request_reset(request_context *it) {
    uint8_t vm;
    if (ready_vm(it, &vm)) {
        session_reset(vm);
        request_ok(it);
    }
}

void request_go(request_context *it) {
    uint8_t vm;
    session_budget budget;
    if (!ready_vm(it, &vm) || !run_mode(it, &budget.mode) ||
        !clock_choice(it, &budget.real_clock) || !request_number(it, 4, &budget.steps) ||
        !request_number(it, 5, &budget.loops) || !epoch_size(it, budget.mode, &budget.epoch)) {
        return;
    }
#ifdef CVM_TRACE
    if (!session_script_is_whole(vm)) {
        request_refuse(it, "bad-request", "the_script_ends_within_an_entry");
        return;
    }
#endif
    if (!session_go(vm, &budget)) {
        request_refuse(it, "no-room", "the_rings_of_other_VMs_leave_too_little");
        return;
    }
    request_ok(it);
}

static void add_status(request_context *it, uint8_t vm) {
    const session_status status = session_get_status(vm);
    wire_writer *writer = &it->writer;
    request_ok(it);
    wire_add_key_text(writer, "state", session_state_name(status.state));
    wire_add_key_text(writer, "reason", session_reason_name(status.reason));
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

void request_poll(request_context *it) {
    uint8_t vm;
    uint32_t next;
    if (!vm_id(it, &vm) || !request_number(it, 2, &next)) {
        return;
    }
    if (!session_acknowledge(vm, next)) {
        request_refuse(it, "bad-request", "that_was_never_sent");
        return;
    }
    add_status(it, vm);
}

void request_status(request_context *it) {
    uint8_t vm;
    if (vm_id(it, &vm)) {
        add_status(it, vm);
    }
}

void request_stop(request_context *it) {
    uint8_t vm;
    if (vm_id(it, &vm)) {
        session_stop(vm);
        add_status(it, vm);
    }
}

static bool region(request_context *it, session_region *out) {
    static const struct {
        const char *name;
        session_region region;
    } regions[] = {
        {"globals", SESSION_GLOBALS}, {"arrays", SESSION_ARRAYS}, {"lengths", SESSION_LENGTHS},
        {"stack", SESSION_STACK},     {"frames", SESSION_FRAMES}, {"image", SESSION_IMAGE},
        {"trace", SESSION_TRACE},     {"ring", SESSION_RING},
    };
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (wire_field_is(&it->frame->fields[2], regions[i].name)) {
            *out = regions[i].region;
            return true;
        }
    }
    request_refuse(it, "bad-request", "the_region_is_unknown");
    return false;
}

void request_peek(request_context *it) {
    uint8_t vm;
    session_region from;
    uint32_t offset;
    uint32_t length;
    if (!vm_id(it, &vm) || !region(it, &from) || !request_number(it, 3, &offset) ||
        !request_number(it, 4, &length)) {
        return;
    }
    if (length > PEEK_MAX || !session_peek(vm, from, offset, length, request_bytes)) {
        request_refuse(it, "bad-request", "beyond_the_region_or_over_256_bytes");
        return;
    }
    wire_add_base64(&it->writer, request_bytes, length);
}
