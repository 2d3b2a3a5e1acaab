/*
 * Memory operations and an io controller that pass everything on to the real ones, and note what
 * succeeded as docs/wire.md defines effects. For vm_trace.c and vm_digest.c. Exists only in builds
 * with CVM_TRACE.
 *
 * There is one recorder for all engines, as only one instruction is executed at a time. Not safe
 * against interrupts or threads.
 */
#ifndef CVM_RECORDER_H
#define CVM_RECORDER_H

#ifdef CVM_TRACE

#include "vm_io.h"
#include "vm_memory.h"

typedef struct cvm_recorder {
    /* What was noted last: enum cvm_effect << 24 | address. 0, which is no note (a TOP is never
     * noted): nothing since the caller made it 0. */
    uint32_t where;
    /* What was written or read; of a PRINT the text's hash, 0 when `text` isn't NULL. */
    int32_t value;
    /* The real ones; borrowed. */
    const VMMemoryOps *memory;
    const IOController *io;
    /* Takes a printed text, CVM_PRINT_LENGTH bytes, borrowed; NULL: only its hash is wanted. */
    uint8_t *text;
    uint8_t text_length;
} cvm_recorder;

extern cvm_recorder cvm_recording;

/* What a handler is to be given; the context of both is `cvm_recording`. */
extern const VMMemoryOps cvm_recording_memory;
extern const IOController cvm_recording_io;

#define CVM_WHERE(kind, address) ((uint32_t)(kind) << 24 | (uint16_t)(address))

/* Begins recording on these, with nothing noted. */
void cvm_recording_begin(const VMMemoryOps *memory, const IOController *io, uint8_t *text);

#endif
#endif
