/**
 * The trace of one VM on its way to the host: a ring of chunks of effect records. A chunk is
 * filled, closed, sent, and kept until the host says that it has it (docs/wire.md, Events).
 */
#ifndef COCKPIT_CHUNKS_H
#define COCKPIT_CHUNKS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

enum { CHUNKS_PER_VM = 8 };

typedef struct {
    /** Number of the first step in it. */
    uint32_t first;
    /** The board's clock when its first record was put, µs modulo 2^32. */
    uint32_t us;
    /** Steps in it. */
    uint16_t count;
    /** Bytes in use. */
    uint16_t length;
    uint8_t bytes[WIRE_CHUNK_BYTES];
} chunk;

typedef struct {
    /** CHUNKS_PER_VM of them; borrowed. */
    chunk *slots;
    /** Slot of the oldest closed chunk that is kept. */
    uint8_t oldest;
    /** Closed chunks kept, 0..CHUNKS_PER_VM. The slot after them is the open one. */
    uint8_t kept;
    /** How many of the kept ones were sent, and need not be sent again. */
    uint8_t sent;
    /** How many of the kept ones were ever sent: the host may have those. */
    uint8_t ever_sent;
    /** A chunk with at least one record is being filled. */
    bool open;
    /** Number the next step gets. */
    uint32_t next;
    wire_record_state records;
} chunk_ring;

/** Empties the ring; the next step gets number `next`. */
void chunks_clear(chunk_ring *ring, chunk *slots, uint32_t next);

/** Gives the next step number `next`; the open chunk is closed when that leaves a gap. */
void chunks_continue_at(chunk_ring *ring, uint32_t next);

/**
 * True when any record can be put. An open chunk that might not take the next record while no other
 * slot is free is closed, so that the host gets to see it.
 */
bool chunks_ready(chunk_ring *ring);

/** Appends the record of the next step. Only after chunks_ready(). */
void chunks_put(chunk_ring *ring, const wire_effect *effect, uint32_t us);

/** Closes the open chunk, if there is one. */
void chunks_close(chunk_ring *ring);

/** The open chunk, or NULL. */
const chunk *chunks_open(const chunk_ring *ring);

/** The closed chunk that is to be sent next, or NULL. */
const chunk *chunks_unsent(const chunk_ring *ring);

/** Notes that chunks_unsent() was sent. */
void chunks_mark_sent(chunk_ring *ring);

/** The first step that is yet to be sent, or sent again. */
uint32_t chunks_sent_below(const chunk_ring *ring);

/**
 * The host has every step below `next`: frees the sent chunks that end there or before. If that
 * frees none and `next` lies below chunks_sent_below(), they are sent again from there. False, and
 * nothing changed, when the step before `next` was never sent.
 */
bool chunks_acknowledge(chunk_ring *ring, uint32_t next);

#endif
