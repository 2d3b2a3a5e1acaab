/*
 * The operand stack and the program counter as handlers use them, while an
 * instruction is executed. None of these checks anything by itself but cvm_has
 * and cvm_has_room: a handler calls those first.
 */
#ifndef CVM_STACK_H
#define CVM_STACK_H

#include "vm_engine.h"

/*
 * The highest value of the stack while it isn't in its place, which is then `top`. With
 * CVM_DISPATCH=SWITCH a handler begins with or without one, and leaves one or none: the run loop
 * keeps it in a register of the processor, and has a copy of the frequent handlers for either case.
 * With TABLE nothing is ever held, and `hand` may be NULL.
 */
typedef struct cvm_hand {
    int32_t value;
    bool holds;
} cvm_hand;

#ifdef CVM_DISPATCH_SWITCH
#define CVM_HOLDS(hand) ((hand)->holds)
#else
#define CVM_HOLDS(hand) false
#endif

/* Puts one more value where it belongs. */
static CVM_INLINE void cvm_store(cvm_registers *registers, int32_t value) {
    int32_t *top = registers->top;
    registers->top = top + 1;
    *top = value;
}

/* Puts what is held in its place. */
static CVM_INLINE void cvm_put_down(cvm_registers *registers, CVM_UNUSED cvm_hand *hand) {
    if (CVM_HOLDS(hand)) {
        cvm_store(registers, hand->value);
        hand->holds = false;
    }
}

/* Takes the top value out of its place; there is one, and none is held. */
static CVM_INLINE void cvm_pick_up(cvm_registers *registers, cvm_hand *hand) {
    registers->top--;
    hand->value = *registers->top;
    hand->holds = true;
}

/* Whether the running function has at least `count` values of its own. As addresses: top - count
 * may lie outside the stack, where C has no pointers. */
static CVM_INLINE bool cvm_has(const cvm_registers *registers, CVM_UNUSED const cvm_hand *hand,
                               uint32_t count) {
#ifdef CVM_DISPATCH_SWITCH
    const uint32_t below = hand->holds && count > 0 ? count - 1U : count;
    if (below == 0) {
        return true;
    }
    /* The first condition is implied by the second. Alone it is enough for one value; and with it,
     * what the run loop has for frames that are known to be empty shrinks to the fault. */
    if (registers->top == registers->base || below == 1) {
        return registers->top != registers->base;
    }
    count = below;
#endif
    const uintptr_t lowest = (uintptr_t)registers->top - count * sizeof(int32_t);
    return lowest >= (uintptr_t)registers->base;
}

/* Whether one more value fits. */
static CVM_INLINE bool cvm_has_room(const cvm_registers *registers,
                                    CVM_UNUSED const cvm_hand *hand) {
    return CVM_HOLDS(hand) ? registers->top < registers->last : registers->top <= registers->last;
}

/* The top `count` values, the lowest first. */
static CVM_INLINE const int32_t *cvm_values(cvm_registers *registers, cvm_hand *hand,
                                            uint32_t count) {
    cvm_put_down(registers, hand);
    return registers->top - count;
}

/* The value `below` places under the top; 0 = the top. */
static CVM_INLINE int32_t cvm_peek(const cvm_registers *registers, CVM_UNUSED const cvm_hand *hand,
                                   uint32_t below) {
    if (CVM_HOLDS(hand)) {
        return below == 0 ? hand->value : registers->top[-(int32_t)below];
    }
    return registers->top[-1 - (int32_t)below];
}

/* Address of the local `distance` bytes above the frame base, which may lie anywhere. */
static CVM_INLINE uintptr_t cvm_local(const cvm_registers *registers, uint32_t distance) {
    uintptr_t address = (uintptr_t)registers->base + distance;
    CVM_FORGET(address); /* or it is calculated again */
    return address;
}

static CVM_INLINE void cvm_push(cvm_registers *registers, CVM_UNUSED cvm_hand *hand,
                                int32_t value) {
#ifdef CVM_DISPATCH_SWITCH
    cvm_put_down(registers, hand);
    hand->value = value;
    hand->holds = true;
#else
    cvm_store(registers, value);
#endif
}

/* Takes the top value away; there is one. */
static CVM_INLINE int32_t cvm_pop(cvm_registers *registers, CVM_UNUSED cvm_hand *hand) {
    if (CVM_HOLDS(hand)) {
        hand->holds = false;
        return hand->value;
    }
    int32_t *top = registers->top - 1;
    registers->top = top;
    return *top;
}

static CVM_INLINE void cvm_drop(cvm_registers *registers, CVM_UNUSED cvm_hand *hand,
                                uint32_t count) {
    if (CVM_HOLDS(hand) && count > 0) {
        hand->holds = false;
        count--;
    }
    registers->top -= count;
}

/* Puts `value` in the place of the top `count` values, count > 0. */
static CVM_INLINE void cvm_replace(cvm_registers *registers, cvm_hand *hand, uint32_t count,
                                   int32_t value) {
    cvm_drop(registers, hand, count);
    cvm_push(registers, hand, value);
}

/* The running function's first value, and its index in the stack. */
static CVM_INLINE void cvm_set_base(cvm_registers *registers, int32_t *base) {
    registers->base = base;
}
static CVM_INLINE uint32_t cvm_frame_base(const cvm_engine *engine,
                                          const cvm_registers *registers) {
    return (uint32_t)(registers->base - engine->stack);
}

/* Index of the instruction after the one that is executed. */
static CVM_INLINE uint16_t cvm_next_pc(const cvm_engine *engine, const cvm_registers *registers) {
    const uintptr_t offset = (uintptr_t)registers->next - (uintptr_t)engine->code;
    return (uint16_t)(offset / CVM_INSTRUCTION_SIZE);
}

/* Steps of the budget that are left after the instruction that is executed, modulo 2^32: one less
 * than none after what follows the program, which isn't executed. */
static CVM_INLINE uint32_t cvm_budget_left(const cvm_engine *engine,
                                           const cvm_registers *registers) {
    const uintptr_t straight = (uintptr_t)engine->window.fence - (uintptr_t)registers->next;
    const intptr_t left = (intptr_t)(straight + (uintptr_t)engine->window.slack);
    return (uint32_t)(left / CVM_INSTRUCTION_SIZE);
}

/* Brings `steps` up to date when `left` of the budget's are left. It grows by less than 2^32. */
static CVM_INLINE void cvm_count_steps(cvm_engine *engine, uint32_t left) {
    engine->steps += engine->window.steps_end - left - (uint32_t)engine->steps;
}

/* Brings `steps` up to date for the io controller: the instructions completed before this one. */
static CVM_INLINE void cvm_settle_steps(cvm_engine *engine, const cvm_registers *registers) {
    cvm_count_steps(engine, cvm_budget_left(engine, registers) + 1U);
}

/* Whether a jump to `target` needs nothing else. */
static CVM_INLINE bool cvm_is_near(const cvm_engine *engine, uint16_t target) {
    const uint64_t near = engine->window.near;
    return CVM_LIKELY(target - (uint32_t)near < (uint32_t)(near >> 32));
}

/* The verdict of a jump to `target`, an instruction of the program or its end. */
static CVM_INLINE HandlerResult cvm_go(const cvm_engine *engine, uint16_t target) {
    return cvm_is_near(engine, target) ? cvm_jump_near(target) : cvm_jump(target);
}

/* The verdict of a jump to `target`, which may be anything. */
static CVM_INLINE HandlerResult cvm_go_if_valid(const cvm_engine *engine, uint16_t target) {
    if (cvm_is_near(engine, target)) {
        return cvm_jump_near(target);
    }
    return target < engine->instruction_count ? cvm_jump(target) : cvm_fault(CVM_ERR_INVALID_JUMP);
}

#endif
