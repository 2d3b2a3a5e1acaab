/*
 * The last instructions of each VM (ExecutionTrace of vm_trace.h), kept in harness RAM: for a
 * person with PEEK, and for GDB after a crash. Only in builds with CVM_TRACE.
 */
#ifndef COCKPIT_TRACE_RING_H
#define COCKPIT_TRACE_RING_H

#ifdef CVM_TRACE

#include "vm_trace.h"

/** Instructions kept for each VM. */
enum { TRACE_RING_ENTRIES = 16 };

/** What PEEK's region `trace` holds: {u32 entries written, modulo 2^32; u32 TRACE_RING_ENTRIES},
 * then the entries, oldest first; those never written are 0. */
enum { TRACE_RING_BYTES = 8 + TRACE_RING_ENTRIES * sizeof(ExecutionTrace) };

/** Begins with an empty ring, unless the engine has it already. */
void trace_ring_attach(uint8_t vm, cvm_engine *engine);

/** Copies bytes offset..offset+length-1 of the region. False when that goes beyond it. */
bool trace_ring_copy(uint8_t vm, uint32_t offset, uint32_t length, uint8_t *out);

#endif
#endif
