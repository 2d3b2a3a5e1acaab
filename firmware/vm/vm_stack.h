/*
 * The operand stack and the program counter as handlers use them, while an
 * instruction is executed. None of these checks anything by itself but cvm_has
 * and cvm_has_room: a handler calls those first.
 */
#ifndef CVM_STACK_H
#define CVM_STACK_H

#include "vm_engine.h"

/*
 * The highest value of the stack while it isn't in its place, which is then `top`. A handler begins
 * with or without one, and leaves one or none; the run loop keeps it in a register of the
 * processor, and has a copy of the frequent handlers for either case.
 */
typedef struct cvm_hand {
    int32_t value;
    bool holds;
} cvm_hand;

/* Takes it out of its place; the frame has one, and none is held. */
static CVM_INLINE void cvm_pick_up(cvm_registers *registers, cvm_hand *hand) {
    registers->top--;
    hand->value = *registers->top;
    hand->holds = true;
}

/* Puts it in its place. */
static CVM_INLINE void cvm_put_down(cvm_registers *registers, cvm_hand *hand) {
    if (hand->holds) {
        int32_t *top = registers->top;
        registers->top = top + 1;
        *top = hand->value;
        hand->holds = false;
    }
}

/* Implied by the other condition of cvm_has. It lets what the run loop has for empty frames shrink
 * to the fault; where there is no such thing it would only cost. */
#ifdef CVM_DISPATCH_SWITCH
#define CVM_IS_EMPTY(registers) ((registers)->top == (registers)->base)
#else
#define CVM_IS_EMPTY(registers) false
#endif

/* Whether the running function has at least `count` values of its own. As addresses: top - count
 * may lie outside the stack, where C has no pointers. */
static CVM_INLINE bool cvm_has(const cvm_registers *registers, const cvm_hand *hand,
                               uint32_t count) {
    const uint32_t below = hand->holds && count > 0 ? count - 1U : count;
    if (below <= 1) {
        return below == 0 || registers->top != registers->base;
    }
    const uintptr_t lowest = (uintptr_t)registers->top - below * sizeof(int32_t);
    return !CVM_IS_EMPTY(registers) && lowest >= (uintptr_t)registers->base;
}

/* Whether one more value fits. */
static CVM_INLINE bool cvm_has_room(const cvm_registers *registers, const cvm_hand *hand) {
    return hand->holds ? registers->top < registers->last : registers->top <= registers->last;
}

/* The top `count` values, the lowest first. */
static CVM_INLINE const int32_t *cvm_values(cvm_registers *registers, cvm_hand *hand,
                                            uint32_t count) {
    cvm_put_down(registers, hand);
    return registers->top - count;
}

/* The value `below` places under the top; 0 = the top. */
static CVM_INLINE int32_t cvm_peek(const cvm_registers *registers, const cvm_hand *hand,
                                   uint32_t below) {
    if (hand->holds) {
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

static CVM_INLINE void cvm_push(cvm_registers *registers, cvm_hand *hand, int32_t value) {
    cvm_put_down(registers, hand);
    hand->value = value;
    hand->holds = true;
}

/* Takes the top value away; there is one. */
static CVM_INLINE int32_t cvm_pop(cvm_registers *registers, cvm_hand *hand) {
    if (!hand->holds) {
        int32_t *top = registers->top - 1;
        registers->top = top;
        return *top;
    }
    hand->holds = false;
    return hand->value;
}

static CVM_INLINE void cvm_drop(cvm_registers *registers, cvm_hand *hand, uint32_t count) {
    registers->top -= hand->holds && count > 0 ? count - 1U : count;
    hand->holds = hand->holds && count == 0;
}

/* Puts `value` in the place of the top `count` values, count > 0. */
static CVM_INLINE void cvm_replace(cvm_registers *registers, cvm_hand *hand, uint32_t count,
                                   int32_t value) {
    cvm_drop(registers, hand, count);
    hand->value = value;
    hand->holds = true;
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

/* Steps of the budget that are left after the instruction that is executed, modulo 2^32. */
static CVM_INLINE uint32_t cvm_budget_left(const cvm_engine *engine,
                                           const cvm_registers *registers) {
    const uintptr_t straight = (uintptr_t)engine->window.fence - (uintptr_t)registers->next;
    return (uint32_t)((straight + (uintptr_t)engine->window.slack) / CVM_INSTRUCTION_SIZE);
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
