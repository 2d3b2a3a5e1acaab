#include "epochs.h"

#ifdef CVM_TRACE

#include <string.h>

#include "board.h"
#include "digest_ring.h"
#include "vm_digest.h"

enum {
    /** Epochs that may be closed and not acknowledged. */
    CREDIT = 2,
    /** Chunks of input records that an epoch can have. */
    EPOCH_CHUNKS = CHUNKS_PER_VM / CREDIT,
    /** docs/lockstep.md: an epoch ends when this time passed since its first step. */
    EPOCH_AGE_US = 100000,
    /** An acknowledgement of one byte has this many values of `next`. */
    SHORT_RANGE = 32,
};

/** An epoch that is open or closed. */
typedef struct {
    wire_check check;
    /** Those with records in them. */
    uint8_t chunks;
} epoch;

/** Epochs of one VM. Numbers are modulo 2^32, and differences of them are small. */
typedef struct {
    cvm_instance *vm;
    chunk *slots;
    cvm_digest digest;
    epochs_settings settings;
    /** Every epoch below it was acknowledged. */
    uint32_t acknowledged;
    /** Every epoch below it was sent, and need not be sent again. */
    uint32_t sent;
    /** Chunks of epoch `sent` that were sent. */
    uint8_t chunks_sent;
    /** Every epoch below it was ever sent: the host may have those. */
    uint32_t ever_sent;
    /** Number of the epoch that is open, or will be opened next. */
    uint32_t next;
    /** Epoch `next` has been opened. */
    bool open;
    /** Its log of inputs is full. */
    bool full;
    /** A run is under way. */
    bool running;
    /** Steps noted in it. */
    uint32_t steps;
    /** Its first entry. */
    const cvm_digest_entry *first;
    uint64_t since_us;
    /** Steps of the epoch before the one of the last input record. */
    uint32_t last_input;
    /** Those numbered next and next - 1, or next - 1 and next - 2; by number modulo 2. */
    epoch epochs[CREDIT];
} epoch_log;

static epoch_log logs[CVM_POOL_SIZE];

static epoch *at(epoch_log *it, uint32_t number) {
    return &it->epochs[number % CREDIT];
}

/** Chunk `index` of epoch `number`. */
static chunk *chunk_at(const epoch_log *it, uint32_t number, uint32_t index) {
    return &it->slots[number % CREDIT * EPOCH_CHUNKS + index];
}

/* ---- inputs ---- */

static bool put(const epoch_log *it, chunk *into, uint32_t step, uint32_t address, int32_t value) {
    const size_t added =
        wire_put_input(into->bytes + into->length, WIRE_CHUNK_BYTES - (size_t)into->length,
                       step - it->last_input, address, value);
    into->length = (uint16_t)(into->length + added);
    into->count = (uint16_t)(into->count + (added != 0));
    return added != 0;
}

/** For cvm_run_digest(): a value was read in the step that `digest.entry` will be. */
static bool take_input(void *context, uint32_t address, int32_t value) {
    epoch_log *it = context;
    epoch *open = at(it, it->next);
    const uint32_t step = (uint32_t)(it->digest.entry - it->first);
    if (!it->settings.clock_is_input &&
        (address == CVM_PORT_MILLIS || address == CVM_PORT_MICROS)) {
        return true;
    }
    if (open->chunks == 0 ||
        !put(it, chunk_at(it, it->next, open->chunks - 1U), step, address, value)) {
        /* There is another one: else the epoch would have ended. */
        chunk *fresh = chunk_at(it, it->next, open->chunks);
        open->chunks++;
        it->last_input = 0;
        fresh->first = open->check.inputs;
        fresh->us = (uint32_t)board_micros();
        fresh->count = 0;
        fresh->length = 0;
        (void)put(it, fresh, step, address, value);
    }
    it->last_input = step;
    open->check.inputs++;
    it->full = open->chunks == EPOCH_CHUNKS &&
               chunk_at(it, it->next, EPOCH_CHUNKS - 1)->length + WIRE_INPUT_MAX > WIRE_CHUNK_BYTES;
    return !it->full;
}

/* ---- epochs ---- */

void epochs_init(uint8_t vm, cvm_instance *instance, chunk *slots) {
    logs[vm] = (epoch_log){.vm = instance, .slots = slots};
    logs[vm].digest.hash = CVM_DIGEST_FIRST;
    logs[vm].digest.input = take_input;
    logs[vm].digest.context = &logs[vm];
}

void epochs_clear(uint8_t vm) {
    digest_ring_clear(vm);
    epochs_init(vm, logs[vm].vm, logs[vm].slots);
}

static void release_if_done(uint8_t vm) {
    const epoch_log *it = &logs[vm];
    if (!it->running && it->acknowledged == it->next) {
        digest_ring_release(vm);
    }
}

void epochs_drop(uint8_t vm) {
    epoch_log *it = &logs[vm];
    it->acknowledged = it->sent = it->ever_sent = it->next;
    it->chunks_sent = 0;
    release_if_done(vm);
}

bool epochs_begin(uint8_t vm, const epochs_settings *settings) {
    epoch_log *it = &logs[vm];
    const digest_ring_result ring = digest_ring_take(vm, settings->size, settings->image_crc32);
    if (ring == DIGEST_RING_NO_ROOM) {
        return false;
    }
    it->settings = *settings;
    it->running = true;
    if (ring == DIGEST_RING_NEW) {
        epochs_drop(vm);
    }
    return true;
}

static void open_epoch(uint8_t vm) {
    epoch_log *it = &logs[vm];
    const uint32_t first = (uint32_t)it->vm->engine.steps;
    it->digest.entry = digest_ring_open(vm, it->next, first, it->digest.hash);
    it->first = it->digest.entry;
    it->open = true;
    it->full = false;
    it->steps = 0;
    it->since_us = board_micros();
    *at(it, it->next) = (epoch){.check = {.epoch = it->next, .next_step = first}};
}

void epochs_close(uint8_t vm) {
    epoch_log *it = &logs[vm];
    if (!it->open) {
        return;
    }
    wire_check *check = &at(it, it->next)->check;
    check->next_step += it->steps;
    check->full = it->steps == it->settings.size && check->inputs == 0;
    check->stream_hash = it->digest.hash;
    check->state_hash = cvm_state_hash(&it->vm->engine, cvm_instance_memory(it->vm));
    it->open = false;
    it->next++;
}

uint32_t epochs_run(uint8_t vm, uint32_t steps, uint32_t rounds) {
    epoch_log *it = &logs[vm];
    if (!it->open) {
        if (it->next - it->acknowledged == CREDIT) {
            return 0;
        }
        open_epoch(vm);
    }
    const uint32_t left = it->settings.size - it->steps;
    (void)cvm_run_digest(&it->vm->engine, &it->digest, steps < left ? steps : left, rounds);
    const uint32_t before = it->steps;
    it->steps = (uint32_t)(it->digest.entry - it->first);
    digest_ring_note(vm, it->steps);
    if (it->steps == it->settings.size || it->full) {
        epochs_close(vm);
    }
    return it->steps - before;
}

void epochs_tick(uint8_t vm, uint64_t now_us) {
    if (logs[vm].open && now_us >= logs[vm].since_us + EPOCH_AGE_US) {
        epochs_close(vm);
    }
}

void epochs_end(uint8_t vm) {
    epochs_close(vm);
    logs[vm].running = false;
    release_if_done(vm);
}

/* ---- sending ---- */

bool epochs_unsent(uint8_t vm, epochs_event *out) {
    epoch_log *it = &logs[vm];
    if (it->sent == it->next) {
        return false;
    }
    const epoch *closed = at(it, it->sent);
    out->check = closed->check;
    out->inputs = it->chunks_sent < closed->chunks ? chunk_at(it, it->sent, it->chunks_sent) : NULL;
    return true;
}

void epochs_mark_sent(uint8_t vm) {
    epoch_log *it = &logs[vm];
    if (it->chunks_sent < at(it, it->sent)->chunks) {
        it->chunks_sent++;
        return;
    }
    it->chunks_sent = 0;
    if (it->ever_sent == it->sent) {
        it->ever_sent++;
    }
    it->sent++;
}

uint32_t epochs_sent_below(uint8_t vm) {
    return logs[vm].sent;
}

bool epochs_acknowledge(uint8_t vm, uint32_t next) {
    epoch_log *it = &logs[vm];
    const uint32_t freed = next - it->acknowledged;
    if (freed == 0 || freed > INT32_MAX) {
        if (it->sent != it->acknowledged) {
            it->sent = it->acknowledged;
            it->chunks_sent = 0;
        }
        return true;
    }
    if (freed > it->ever_sent - it->acknowledged) {
        return false;
    }
    it->acknowledged = next;
    /* They may have been about to be sent again. */
    if (next - it->sent <= CREDIT && it->sent != next) {
        it->sent = next;
        it->chunks_sent = 0;
    }
    release_if_done(vm);
    return true;
}

void epochs_acknowledge_short(uint8_t vm, uint8_t next) {
    const epoch_log *it = &logs[vm];
    const uint32_t freed = (next - it->acknowledged) % SHORT_RANGE;
    if (freed != 0) {
        (void)epochs_acknowledge(vm, it->acknowledged + freed);
    }
}

#endif
