/**
 * Stream hash and value of each step of the last two epochs of each VM, in memory that outlives a
 * reset (docs/lockstep.md, docs/wire.md region `ring`). Only in builds with CVM_TRACE.
 */
#ifndef COCKPIT_DIGEST_RING_H
#define COCKPIT_DIGEST_RING_H

#ifdef CVM_TRACE

#include <stdbool.h>
#include <stdint.h>

#include "vm_digest.h"

enum {
#ifdef COCKPIT_HOT_CCM
    /* Images and chunks of trace are in the same memory, their place being the hot code's. */
    DIGEST_RING_BYTES = 32768,
#else
    DIGEST_RING_BYTES = 65536,
#endif
    /** Most steps of an epoch: half of the ring. */
    DIGEST_EPOCH_MAX = DIGEST_RING_BYTES / (2 * sizeof(cvm_digest_entry)),
};

/** What digest_ring_take() found. */
typedef enum {
    /** No gap between the rings that other VMs hold is that long. */
    DIGEST_RING_NO_ROOM,
    /** A new ring of zeros. */
    DIGEST_RING_NEW,
    /** The one that the VM had, with what is in it. */
    DIGEST_RING_KEPT,
} digest_ring_result;

/** For a start: nobody holds a ring. Those from before a reset stay readable. */
void digest_ring_init(void);

/**
 * VM `vm` holds a ring for epochs of up to `size` steps, 1..DIGEST_EPOCH_MAX, from now on. A new
 * one may take the memory of any ring that isn't held.
 */
digest_ring_result digest_ring_take(uint8_t vm, uint32_t size, uint32_t image_crc32);

/** The VM's ring need not be kept when another one wants the memory. */
void digest_ring_release(uint8_t vm);

/** The VM has no ring any more. */
void digest_ring_clear(uint8_t vm);

/**
 * Begins an epoch: its number, its first step's, the stream hash before it. The one that was begun
 * before becomes the epoch before it. Returns its first entry, of as many as take() was told. Only
 * while the VM holds a ring.
 */
cvm_digest_entry *digest_ring_open(uint8_t vm, uint32_t epoch, uint32_t first, uint32_t hash);

/** `steps` of the epoch are noted. */
void digest_ring_note(uint8_t vm, uint32_t steps);

/** Copies bytes offset..offset+length-1 of the region `ring`. False when that goes beyond it. */
bool digest_ring_copy(uint8_t vm, uint32_t offset, uint32_t length, uint8_t *out);

#endif
#endif
