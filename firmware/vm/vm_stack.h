/*
 * The operand stack and the program counter as handlers use them, while an
 * instruction is executed. None of these checks anything by itself but cvm_has
 * and cvm_has_room: a handler calls those first.
 */
#ifndef CVM_STACK_H
#define CVM_STACK_H

#include "vm_engine.h"

/* Whether the running function has at least `count` values of its own. As
 * addresses: top - count may lie before the stack, where C has no pointers. */
static inline bool cvm_has(const cvm_registers *registers, uint32_t count) {
    const uintptr_t lowest = (uintptr_t)registers->top - count * sizeof(int32_t);
    return lowest >= (uintptr_t)registers->base;
}

/* Whether one more value fits. */
static inline bool cvm_has_room(const cvm_engine *engine, const cvm_registers *registers) {
    return registers->top < &engine->stack[CVM_STACK_DEPTH];
}

/* The top `count` values, the lowest first. */
static inline const int32_t *cvm_values(const cvm_registers *registers, uint32_t count) {
    return registers->top - count;
}

/* The value `below` places under the top; 0 = the top. */
static inline int32_t cvm_peek(const cvm_registers *registers, uint32_t below) {
    return registers->top[-1 - (int32_t)below];
}

/* Address of the local at `offset` from the frame base, which may lie anywhere
 * above it. */
static inline uintptr_t cvm_local(const cvm_registers *registers, uint16_t offset) {
    return (uintptr_t)registers->base + offset * sizeof(int32_t);
}

static inline void cvm_push(cvm_registers *registers, int32_t value) {
    int32_t *top = registers->top;
    registers->top = top + 1;
    *top = value;
}

static inline void cvm_drop(cvm_registers *registers, uint32_t count) {
    registers->top -= count;
}

/* Puts `value` in the place of the top `count` values, count > 0. */
static inline void cvm_replace(cvm_registers *registers, uint32_t count, int32_t value) {
    int32_t *top = registers->top;
    if (count != 1) {
        registers->top = top - (count - 1U);
    }
    *(top - count) = value;
}

/* The running function's first value, and its index in the stack. */
static inline void cvm_set_base(cvm_registers *registers, int32_t *base) {
    registers->base = base;
}
static inline uint32_t cvm_frame_base(const cvm_engine *engine, const cvm_registers *registers) {
    return (uint32_t)(registers->base - engine->stack);
}

/* Index of the instruction after the one that is executed. */
static inline uint16_t cvm_next_pc(const cvm_engine *engine, const cvm_registers *registers) {
    const uintptr_t offset = (uintptr_t)registers->next - (uintptr_t)engine->code;
    return (uint16_t)(offset / CVM_INSTRUCTION_SIZE);
}

/* Steps of the budget that are left after the instruction that is executed. */
static inline uint32_t cvm_budget_left(const cvm_engine *engine, const cvm_registers *registers) {
    const intptr_t straight = (intptr_t)engine->window.fence - (intptr_t)registers->next;
    return (uint32_t)(straight + engine->window.slack) / CVM_INSTRUCTION_SIZE;
}

/* Brings `steps` up to date for the io controller: the instructions completed before this one. */
static inline void cvm_settle_steps(cvm_engine *engine, const cvm_registers *registers) {
    engine->steps = engine->window.steps_end - cvm_budget_left(engine, registers) - 1U;
}

#endif
