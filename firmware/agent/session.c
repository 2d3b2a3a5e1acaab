#include "session.h"

#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "board.h"
#include "digest_ring.h"
#include "epochs.h"
#include "harness.h"
#include "io.h"
#include "vm_crc32.h"
#include "trace_ring.h"
#include "vm_trace.h"

enum {
    /** Instructions between two looks at the serial line, when each has its effect recorded: well
       below 1 ms at 1 to 3 us each. */
    TRACED_SLICE = 64,
    /** The same of free runs: at 20 to 80 processor instructions each, 512 take 0.1 to 0.4 ms at
       170 MHz. PRINTF and ANALOG_READ take longer, and end the slice (io.c). */
    SLICE = 512,
    /** And of digest runs, in which the board has the line to itself until the epoch ends: at 40 to
       120, 1024 take 0.3 to 0.8 ms. */
    DIGEST_SLICE = 1024,
    /** docs/wire.md, Events: a chunk is sent when this time passed since its first record. */
    CHUNK_AGE_US = 20000,
};

typedef struct {
    cvm_instance vm;
    io_context io;
    chunk_ring ring;
    session_state state;
    session_reason reason;
    session_budget budget;
    /** DONE of the last run has not been sent. */
    bool done_due;
    /** Region of the arena for the image; NULL before the first LOAD. */
    uint8_t *image;
    uint32_t image_size;
    uint32_t image_crc32;
    /** board_micros() of the open chunk's first record. */
    uint64_t chunk_since_us;
} session;

static session sessions[CVM_POOL_SIZE];
/** The VM that has its turn, plus 1; 0: none. Volatile: a fault handler looks at it. */
static volatile uint8_t turn;
static chunk slots[CVM_POOL_SIZE][CHUNKS_PER_VM] HARNESS_DATA;

#ifdef CVM_TRACE
const uint32_t session_epoch_max = DIGEST_EPOCH_MAX;
#else
const uint32_t session_epoch_max = 0;
#endif

void session_init(void) {
    turn = 0;
    arena_init();
    for (uint8_t id = 0; id < CVM_POOL_SIZE; id++) {
        session *it = &sessions[id];
        cvm_pool_release(id);
        io_init(&it->io, &it->vm.engine);
        (void)cvm_instance_open(&it->vm, id, &it->io.controller);
        chunks_clear(&it->ring, slots[id], 0);
        it->state = SESSION_EMPTY;
        it->reason = SESSION_NONE;
        it->done_due = false;
        it->image = NULL;
        it->image_size = 0;
        it->budget = (session_budget){0};
        epochs_init(id, &it->vm, slots[id]);
    }
#ifdef CVM_TRACE
    digest_ring_init();
#endif
}

uint8_t session_executing(uint32_t *steps) {
    const uint8_t vm = (uint8_t)(turn - 1U);
    if (vm >= CVM_POOL_SIZE) {
        *steps = 0;
        return SESSION_NO_VM;
    }
    *steps = (uint32_t)sessions[vm].vm.engine.steps;
    return vm;
}

bool session_running(uint8_t vm) {
    return sessions[vm].state == SESSION_RUNNING || sessions[vm].state == SESSION_WAITING;
}

bool session_has_program(uint8_t vm) {
    return sessions[vm].state != SESSION_EMPTY;
}

/** What load and reset have in common beside the VM itself. */
static void clear_run(session *it, uint8_t vm, session_state state) {
    io_reset(&it->io);
    chunks_clear(&it->ring, slots[vm], 0);
    it->state = state;
    it->reason = SESSION_NONE;
    it->done_due = false;
    it->budget = (session_budget){0};
    epochs_clear(vm);
#ifdef CVM_TRACE
    cvm_trace_detach(&it->vm.engine);
#endif
}

#ifdef CVM_TRACE
static void forget_script(uint8_t vm) {
    sessions[vm].io.script = NULL;
    (void)arena_take(ARENA_SCRIPTS + (uint32_t)vm, 0);
}

/** NULL when the arena has no room. */
static script *new_script(uint8_t vm) {
    script *it = (void *)arena_take(ARENA_SCRIPTS + (uint32_t)vm, sizeof(script));
    sessions[vm].io.script = it;
    if (it != NULL) {
        it->length = 0;
    }
    return it;
}

session_script_result session_script(uint8_t vm, uint32_t offset, const uint8_t *bytes,
                                     size_t length) {
    script *it = sessions[vm].io.script;
    if (offset == 0 && length == 0) {
        forget_script(vm);
        return SESSION_SCRIPT_TAKEN;
    }
    if (offset > SCRIPT_BYTES || length > SCRIPT_BYTES - offset) {
        return SESSION_SCRIPT_NO_ROOM;
    }
    if (offset == 0) {
        it = new_script(vm);
        if (it == NULL) {
            return SESSION_SCRIPT_NO_ROOM;
        }
    }
    return it != NULL && script_put(it, offset, bytes, length) ? SESSION_SCRIPT_TAKEN
                                                               : SESSION_SCRIPT_BAD;
}

bool session_script_is_whole(uint8_t vm) {
    const script *it = sessions[vm].io.script;
    return it == NULL || script_is_whole(it);
}
#endif

bool session_load(uint8_t vm, uint32_t size, uint32_t crc32) {
    session *it = &sessions[vm];
    cvm_instance_unload(&it->vm);
    clear_run(it, vm, SESSION_EMPTY);
#ifdef CVM_TRACE
    forget_script(vm);
#endif
    it->image = arena_take(vm, size);
    it->image_size = it->image == NULL ? 0 : size;
    it->image_crc32 = crc32;
    return it->image != NULL;
}

uint8_t *session_upload(uint8_t vm, uint32_t *size) {
    /* Once committed, the engine reads the image in place: it must not change any more. */
    *size = sessions[vm].image_size;
    return sessions[vm].state == SESSION_EMPTY ? sessions[vm].image : NULL;
}

cvm_image_reason session_commit(uint8_t vm) {
    session *it = &sessions[vm];
    cvm_image image;
    if (cvm_crc32(0, it->image, it->image_size) != it->image_crc32) {
        return CVM_IMAGE_BAD_CRC;
    }
    const cvm_image_reason reason = cvm_image_open(it->image, it->image_size, &image);
    if (reason != CVM_IMAGE_OK) {
        return reason;
    }
    cvm_instance_load(&it->vm, &image);
    clear_run(it, vm, SESSION_LOADED);
    return CVM_IMAGE_OK;
}

void session_reset(uint8_t vm) {
    session *it = &sessions[vm];
    cvm_instance_reset(&it->vm);
    clear_run(it, vm, SESSION_LOADED);
}

/** Makes ready what watches a run, as its mode needs it. False when there is no room. */
static bool watch(session *it, uint8_t vm, const session_budget *budget) {
    const epochs_settings settings = {.size = budget->epoch,
                                      .image_crc32 = it->image_crc32,
                                      .clock_is_input = budget->real_clock};
    if (budget->mode == SESSION_DIGEST && !epochs_begin(vm, &settings)) {
        return false;
    }
#ifdef CVM_TRACE
    if (budget->mode == SESSION_TRACED) {
        trace_ring_attach(vm, &it->vm.engine);
    } else {
        cvm_trace_detach(&it->vm.engine);
    }
#endif
    if (budget->mode != it->budget.mode) {
        chunks_clear(&it->ring, slots[vm], (uint32_t)it->vm.engine.steps);
        if (it->budget.mode == SESSION_DIGEST) {
            epochs_drop(vm);
        }
    }
    return true;
}

bool session_go(uint8_t vm, const session_budget *budget) {
    session *it = &sessions[vm];
    if (!watch(it, vm, budget)) {
        return false;
    }
    it->budget = *budget;
    if (budget->real_clock) {
        io_use_real_clock(&it->io.controller);
    } else {
        io_use_virtual_clock(&it->io.controller);
    }
    if (it->vm.engine.state == CVM_STATE_READY) {
        chunks_continue_at(&it->ring, (uint32_t)it->vm.engine.steps);
    }
    /* Takes back a pause that a traced step left behind, so that the first slice executes. */
    (void)cvm_run(&it->vm.engine, 0, 0);
    it->state = SESSION_RUNNING;
    it->reason = SESSION_NONE;
    it->done_due = false;
    return true;
}

static void finish(uint8_t vm, session_reason reason) {
    session *it = &sessions[vm];
    chunks_close(&it->ring);
    epochs_end(vm);
    it->io.waiting = false;
    it->state = SESSION_DONE;
    it->reason = reason;
    it->done_due = true;
}

void session_stop(uint8_t vm) {
    if (session_running(vm)) {
        finish(vm, SESSION_STOPPED);
    }
}

bool session_acknowledge(uint8_t vm, uint32_t next) {
    session *it = &sessions[vm];
    return it->budget.mode == SESSION_DIGEST ? epochs_acknowledge(vm, next)
                                             : chunks_acknowledge(&it->ring, next);
}

session_status session_get_status(uint8_t vm) {
    const session *it = &sessions[vm];
    return (session_status){
        .state = it->state,
        .reason = it->reason,
        .engine = &it->vm.engine,
        .sent = it->budget.mode == SESSION_DIGEST ? epochs_sent_below(vm)
                                                  : chunks_sent_below(&it->ring),
    };
}

bool session_peek(uint8_t vm, session_region region, uint32_t offset, uint32_t length,
                  uint8_t *out) {
    const session *it = &sessions[vm];
    const VMMemoryContext *memory = cvm_instance_memory(&it->vm);
    const void *from = NULL;
    uint32_t size = 0;
    switch (region) {
    case SESSION_GLOBALS:
        from = memory->globals;
        size = sizeof memory->globals;
        break;
    case SESSION_ARRAYS:
        from = memory->arrays;
        size = sizeof memory->arrays;
        break;
    case SESSION_LENGTHS:
        from = memory->array_active;
        size = sizeof memory->array_active;
        break;
    case SESSION_STACK:
        from = it->vm.engine.stack;
        size = sizeof it->vm.engine.stack;
        break;
    case SESSION_FRAMES:
        return cvm_frames_copy(&it->vm.engine, offset, length, out);
    case SESSION_TRACE:
#ifdef CVM_TRACE
        return trace_ring_copy(vm, offset, length, out);
#else
        return false;
#endif
    case SESSION_RING:
#ifdef CVM_TRACE
        return digest_ring_copy(vm, offset, length, out);
#else
        return false;
#endif
    case SESSION_IMAGE:
        from = it->image;
        size = it->image_size;
        break;
    }
    if (offset > size || length > size - offset) {
        return false;
    }
    if (length != 0) {
        memcpy(out, (const uint8_t *)from + offset, length);
    }
    return true;
}

/* ---- running ---- */

/** Judges the end of the budget before a step, in cvm_run's order. True when the run is over. */
static bool over(uint8_t vm) {
    const session *it = &sessions[vm];
    const cvm_engine *engine = &it->vm.engine;
    if (engine->state != CVM_STATE_READY) {
        finish(vm, engine->state == CVM_STATE_HALTED ? SESSION_HALTED : SESSION_FAULT);
        return true;
    }
    if (it->budget.steps == 0) {
        finish(vm, SESSION_STEPS);
        return true;
    }
    if (it->budget.loops != 0 && engine->rounds >= it->budget.loops && cvm_at_round(engine)) {
        finish(vm, SESSION_LOOPS);
        return true;
    }
    return false;
}

#ifdef CVM_TRACE
static bool step_traced(session *it) {
    /* One for all: it lives only during the step, and 268 bytes are too many for the stack. */
    static cvm_effect_record record;
    if (!chunks_ready(&it->ring)) {
        return false;
    }
    if (cvm_step_effect(&it->vm.engine, &record) == CVM_STEP_IDLE) {
        return false;
    }
    const wire_effect effect = {
        .pc = record.pc,
        .opcode = record.opcode,
        .kind = record.kind,
        .sp = record.sp,
        .address = record.address,
        .value = record.value,
        .text = record.text,
        .text_length = record.text_length,
    };
    const uint64_t now_us = board_micros();
    if (chunks_open(&it->ring) == NULL) {
        it->chunk_since_us = now_us;
    }
    chunks_put(&it->ring, &effect, (uint32_t)now_us);
    it->budget.steps--;
    return true;
}
#endif

/** Executes up to a slice of instructions. True when it executed any. */
static bool run_slice(uint8_t vm) {
    session *it = &sessions[vm];
    const cvm_engine *engine = &it->vm.engine;
    const uint32_t most = it->budget.mode == SESSION_DIGEST ? DIGEST_SLICE : SLICE;
    const uint32_t slice = it->budget.steps < most ? it->budget.steps : most;
    if (it->budget.mode == SESSION_DIGEST) {
        const uint32_t made = epochs_run(vm, slice, it->budget.loops);
        it->budget.steps -= made;
        return made != 0;
    }
#ifdef CVM_TRACE
    if (it->budget.mode == SESSION_TRACED) {
        bool any = false;
        for (uint32_t i = 0; i < TRACED_SLICE && !it->io.waiting && !over(vm); i++) {
            if (!step_traced(it)) {
                return any;
            }
            any = true;
        }
        return any;
    }
#endif
    const uint64_t before = engine->steps;
    (void)cvm_run(&it->vm.engine, slice, it->budget.loops);
    it->budget.steps -= (uint32_t)(engine->steps - before);
    return true;
}

bool session_slice(uint8_t vm, uint64_t now_us) {
    session *it = &sessions[vm];
    bool any = false;
    if (!session_running(vm)) {
        return false;
    }
    if (it->state == SESSION_WAITING && io_awake(&it->io, now_us)) {
        it->state = SESSION_RUNNING;
        any = true;
    }
    if (it->state == SESSION_RUNNING) {
        turn = (uint8_t)(vm + 1U);
        any = (!over(vm) && run_slice(vm)) || any;
        turn = 0;
    }
    if (it->state == SESSION_RUNNING && it->io.waiting) {
        chunks_close(&it->ring);
        epochs_close(vm);
        it->state = SESSION_WAITING;
    }
    if (chunks_open(&it->ring) != NULL && now_us >= it->chunk_since_us + CHUNK_AGE_US) {
        chunks_close(&it->ring);
    }
    epochs_tick(vm, now_us);
    return any;
}

int64_t session_due_us(uint8_t vm, uint64_t now_us) {
    const session *it = &sessions[vm];
    uint64_t due;
    if (it->state == SESSION_WAITING) {
        due = it->io.wake_us;
    } else if (it->state == SESSION_RUNNING && chunks_open(&it->ring) != NULL) {
        due = it->chunk_since_us + CHUNK_AGE_US;
    } else {
        return BOARD_IDLE_FOREVER;
    }
    return due > now_us ? (int64_t)(due - now_us) : 0;
}

const chunk *session_unsent(uint8_t vm) {
    return chunks_unsent(&sessions[vm].ring);
}

void session_mark_sent(uint8_t vm) {
    chunks_mark_sent(&sessions[vm].ring);
}

bool session_done_due(uint8_t vm) {
    return sessions[vm].done_due;
}

void session_mark_done_sent(uint8_t vm) {
    sessions[vm].done_due = false;
}

const char *session_state_name(session_state state) {
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

const char *session_reason_name(session_reason reason) {
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
