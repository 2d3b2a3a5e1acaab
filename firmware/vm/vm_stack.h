/*
 * The operand stack as handlers use it. None of these checks anything by itself but cvm_has and
 * cvm_has_room: a handler calls those first.
 */
#ifndef CVM_STACK_H
#define CVM_STACK_H

#include "vm_engine.h"

/* Whether the running function has at least `count` values of its own. */
static inline bool cvm_has(const cvm_engine *engine, uint32_t count) {
    return engine->sp - engine->frame_base >= count;
}

/* Whether one more value fits. */
static inline bool cvm_has_room(const cvm_engine *engine) {
    return engine->sp < CVM_STACK_DEPTH;
}

/* The value `below` places under the top; 0 = the top. */
static inline int32_t cvm_peek(const cvm_engine *engine, uint32_t below) {
    return engine->stack[engine->sp - 1U - below];
}

static inline void cvm_push(cvm_engine *engine, int32_t value) {
    engine->stack[engine->sp] = value;
    engine->sp++;
}

static inline void cvm_drop(cvm_engine *engine, uint32_t count) {
    engine->sp -= count;
}

/* Puts `value` in the place of the top `count` values, count > 0. */
static inline void cvm_replace(cvm_engine *engine, uint32_t count, int32_t value) {
    engine->sp -= count - 1U;
    engine->stack[engine->sp - 1U] = value;
}

#endif
