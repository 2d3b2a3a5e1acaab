/**
 * Digest runs: the epochs of each VM on their way to the host (docs/wire.md, Digest runs). All
 * functions take a VM id below CVM_POOL_SIZE. In a build without CVM_TRACE there are no digest
 * runs, and nothing here does anything.
 */
#ifndef COCKPIT_EPOCHS_H
#define COCKPIT_EPOCHS_H

#include <stdbool.h>
#include <stdint.h>

#include "chunks.h"
#include "vm_instance.h"

/** A run of epochs of up to `size` steps, 1..DIGEST_EPOCH_MAX. */
typedef struct {
    uint32_t size;
    uint32_t image_crc32;
    /** What MILLIS and MICROS read can't be computed. */
    bool clock_is_input;
} epochs_settings;

/** What is to be sent next of an epoch: a chunk of inputs, or its checkpoint. */
typedef struct {
    wire_check check;
    /** NULL: the checkpoint. */
    const chunk *inputs;
} epochs_event;

#ifdef CVM_TRACE

/** For a start. Borrows the VM, and its CHUNKS_PER_VM chunks, which a digest run takes over. */
void epochs_init(uint8_t vm, cvm_instance *instance, chunk *slots);

/** For load and reset: no epochs, no ring. */
void epochs_clear(uint8_t vm);

/** Drops what the host has not acknowledged. */
void epochs_drop(uint8_t vm);

/** Prepares a run. False when the ring has no room for it. Not while one is under way. */
bool epochs_begin(uint8_t vm, const epochs_settings *settings);

/**
 * Executes up to `steps` (> 0) instructions; `rounds` as for cvm_run(). Only when at least one can
 * be executed. Returns their number, a faulting one included; 0 while two epochs are
 * unacknowledged.
 */
uint32_t epochs_run(uint8_t vm, uint32_t steps, uint32_t rounds);

/** Ends the open epoch, if there is one. */
void epochs_close(uint8_t vm);

/** Ends the open epoch when it is too old. */
void epochs_tick(uint8_t vm, uint64_t now_us);

/** The run is over. */
void epochs_end(uint8_t vm);

/** What is to be sent next. False when everything was sent. */
bool epochs_unsent(uint8_t vm, epochs_event *out);

/** Notes that epochs_unsent() was sent. */
void epochs_mark_sent(uint8_t vm);

/** The first epoch that is yet to be sent, or sent again. */
uint32_t epochs_sent_below(uint8_t vm);

/**
 * The host has every epoch below `next`. If that frees none and `next` lies below
 * epochs_sent_below(), they are sent again. False, and nothing changed, when the epoch before
 * `next` was never sent.
 */
bool epochs_acknowledge(uint8_t vm, uint32_t next);

/** The same from the one-byte acknowledgement: `next` modulo 32. Ignored unless it frees one. */
void epochs_acknowledge_short(uint8_t vm, uint8_t next);

#else

static inline void epochs_init(uint8_t vm, cvm_instance *instance, chunk *slots) {
    (void)vm, (void)instance, (void)slots;
}
static inline void epochs_clear(uint8_t vm) {
    (void)vm;
}
static inline void epochs_drop(uint8_t vm) {
    (void)vm;
}
static inline bool epochs_begin(uint8_t vm, const epochs_settings *settings) {
    (void)vm, (void)settings;
    return false;
}
static inline uint32_t epochs_run(uint8_t vm, uint32_t steps, uint32_t rounds) {
    (void)vm, (void)steps, (void)rounds;
    return 0;
}
static inline void epochs_close(uint8_t vm) {
    (void)vm;
}
static inline void epochs_tick(uint8_t vm, uint64_t now_us) {
    (void)vm, (void)now_us;
}
static inline void epochs_end(uint8_t vm) {
    (void)vm;
}
static inline bool epochs_unsent(uint8_t vm, epochs_event *out) {
    (void)vm, (void)out;
    return false;
}
static inline void epochs_mark_sent(uint8_t vm) {
    (void)vm;
}
static inline uint32_t epochs_sent_below(uint8_t vm) {
    (void)vm;
    return 0;
}
static inline bool epochs_acknowledge(uint8_t vm, uint32_t next) {
    (void)vm, (void)next;
    return false;
}
static inline void epochs_acknowledge_short(uint8_t vm, uint8_t next) {
    (void)vm, (void)next;
}

#endif
#endif
