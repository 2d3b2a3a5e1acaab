/*
 * Digest runs (docs/lockstep.md): instructions are executed in a loop of their own that folds what
 * each one changed into a hash and keeps hash and value of each step. Exists only in builds with
 * CVM_TRACE; the loop of cvm_run knows nothing of it.
 */
#ifndef CVM_DIGEST_H
#define CVM_DIGEST_H

#ifdef CVM_TRACE

#include "vm_engine.h"

/* One step in the ring. */
typedef struct cvm_digest_entry {
    uint32_t hash; /* the stream hash after it */
    int32_t value; /* its effect's; of a PRINT the text's hash */
} cvm_digest_entry;

/* Where a digest run stands. The caller owns it, and may change it between runs. */
typedef struct cvm_digest {
    /* The stream hash; CVM_DIGEST_FIRST before the first step. */
    uint32_t hash;
    /* Of the next step. Borrowed. Moves on with each. */
    cvm_digest_entry *entry;
    /* Takes each value that was read from the io controller: address as in effect records. At the
     * call `entry` is that of the step which read it, and not yet filled. False: no further step in
     * this run. NULL: nobody wants them. */
    bool (*input)(void *context, uint32_t address, int32_t value);
    void *context; /* borrowed; handed to input */
} cvm_digest;

/* The hash after one more word; `addend` is CVM_DIGEST_ADDEND, in a register of the caller's. */
static CVM_INLINE uint32_t cvm_fold_adding(uint32_t addend, uint32_t hash, uint32_t word) {
    const uint32_t mixed = hash ^ (word * CVM_DIGEST_MULTIPLIER);
    return (mixed << 13 | mixed >> 19) * 5U + addend;
}

/* The hash after one more word. */
static CVM_INLINE uint32_t cvm_fold(uint32_t hash, uint32_t word) {
    return cvm_fold_adding(CVM_DIGEST_ADDEND, hash, word);
}

/* The hash of a text: its length, then its bytes. */
uint32_t cvm_text_hash(const uint8_t *bytes, uint8_t length);

/*
 * cvm_run with a digest. At most max_steps entries are written; a fault has an entry, too. Also
 * CVM_RUN_PAUSED when digest->input said so. Engines that are traced (cvm_trace_attach) aren't
 * traced meanwhile.
 */
cvm_run_result cvm_run_digest(cvm_engine *engine, cvm_digest *digest, uint32_t max_steps,
                              uint32_t max_rounds);

/* The state hash; between steps. */
uint32_t cvm_state_hash(const cvm_engine *engine, const VMMemoryContext *memory);

#endif
#endif
