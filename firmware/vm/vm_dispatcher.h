/*
 * The dispatcher, for vm_engine.c and vm_trace.c only: from an instruction word
 * to a handler, and from the handler's verdict to the next instruction. Inline,
 * so that each of their loops has its own copy.
 */
#ifndef CVM_DISPATCHER_H
#define CVM_DISPATCHER_H

#include <string.h>

#include "vm_engine.h"
#include "vm_handlers.h"

#ifdef CVM_TRACE
#include "vm_trace.h"
#endif

/* One load: GCC turns the memcpy into LDR, which may be unaligned on ARMv7-M. */
static inline uint32_t cvm_fetch(const uint8_t *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Where the instruction `pc` is. */
static inline const uint8_t *cvm_instruction(const cvm_engine *engine, uint32_t pc) {
    return &engine->code[pc * CVM_INSTRUCTION_SIZE];
}

/* Whether both stacks' guard words are as they should be; always so in builds that don't check. */
static inline bool cvm_guards_are_good(const cvm_engine *engine) {
#ifdef CVM_CHECK_GUARDS
    return engine->guard_low == CVM_GUARD && engine->guard_middle == CVM_GUARD &&
           engine->guard_high == CVM_GUARD;
#else
    (void)engine;
    return true;
#endif
}

static inline cvm_step_result cvm_stop_with(cvm_engine *engine, uint8_t error) {
    engine->error = error;
    engine->state = CVM_STATE_FAULTED;
    return CVM_STEP_FAULTED;
}

/* A step of an engine that can't execute: nothing more, unless it is empty. */
static inline cvm_step_result cvm_step_stopped(cvm_engine *engine) {
    if (engine->state != CVM_STATE_EMPTY) {
        return CVM_STEP_IDLE;
    }
    return cvm_stop_with(engine, CVM_ERR_PROGRAM_NOT_LOADED);
}

/* Executes one instruction through the table. */
static inline HandlerResult cvm_dispatch(cvm_engine *engine, uint32_t word,
                                         const cvm_handler *table, const VMMemoryOps *memory,
                                         const IOController *io) {
    const cvm_handler handler = table[word & 0xFFU];
    if (handler == NULL) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    return handler(engine, (uint8_t)(word >> 8), (uint16_t)(word >> 16), memory, io);
}

/* One step of a READY engine, with the memory operations and the io controller
 * given. */
cvm_step_result cvm_step_ready(cvm_engine *engine, const VMMemoryOps *memory,
                               const IOController *io);

#endif
