/*
 * The dispatcher, for vm_engine.c and vm_trace.c only. Inline, so that each of their loops has its
 * own copy.
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
static inline uint32_t cvm_fetch(const cvm_engine *engine, uint32_t pc) {
    uint32_t word;
    memcpy(&word, &engine->code[pc * CVM_INSTRUCTION_SIZE], sizeof word);
    return word;
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

static inline HandlerResult cvm_dispatch(cvm_engine *engine, uint32_t word,
                                         const VMMemoryOps *memory, const IOController *io) {
    const cvm_handler handler = cvm_dispatch_table[word & 0xFFU];
    if (handler == NULL) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    return handler(engine, (uint8_t)(word >> 8), (uint16_t)(word >> 16), memory, io);
}

/* The rarer verdicts. */
static inline cvm_step_result cvm_conclude(cvm_engine *engine, HandlerResult result) {
    if (result.action == CVM_ACTION_JUMP) {
        engine->pc = result.jump_address;
    } else if (result.action == CVM_ACTION_HALT) {
        engine->state = CVM_STATE_HALTED;
    } else {
        return cvm_stop_with(engine, result.error);
    }
    engine->steps++;
    return CVM_STEP_DONE;
}

/* One step of a READY engine, with the memory operations and the io controller given. Nothing but
 * this moves pc. */
static inline cvm_step_result cvm_step_ready(cvm_engine *engine, const VMMemoryOps *memory,
                                             const IOController *io) {
    if (!cvm_guards_are_good(engine)) {
        return cvm_stop_with(engine, CVM_ERR_STACK_CORRUPTION);
    }
    const uint32_t pc = engine->pc;
    if (pc >= engine->instruction_count) {
        return cvm_stop_with(engine, CVM_ERR_INVALID_JUMP);
    }
    if (pc == engine->loop) {
        engine->rounds++;
    }
    const uint32_t word = cvm_fetch(engine, pc);
#ifdef CVM_TRACE
    if (engine->trace != NULL) {
        cvm_trace_begin(engine->trace, pc, word);
    }
#endif
    const HandlerResult result = cvm_dispatch(engine, word, memory, io);
    cvm_step_result done = CVM_STEP_DONE;
    if (result.bits == CVM_ACTION_CONTINUE) {
        engine->pc = (uint16_t)(pc + 1U);
        engine->steps++;
    } else {
        done = cvm_conclude(engine, result);
    }
#ifdef CVM_TRACE
    if (engine->trace != NULL) {
        cvm_trace_end(engine->trace, engine);
    }
#endif
    return done;
}

#endif
