/*
 * Types that every part of the VM core shares: what a handler gets and what it gives back.
 */
#ifndef CVM_TYPES_H
#define CVM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "generated/vm_isa.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "little-endian only: HandlerResult and instruction fetch depend on it"
#endif

typedef struct cvm_engine cvm_engine;
typedef struct VMMemoryOps VMMemoryOps;
typedef struct IOController IOController;

/*
 * Advice to the compiler, which changes speed and size alone. APART: keep the function's code and
 * arguments out of its callers'. INLINE: put it into them. RARE: seldom called, make it small.
 * LIKELY: the condition nearly always holds. FORGET: don't use what is known of the variable.
 * PLACE: don't merge this place with another. SELDOM, of a label: put it out of the way of the
 * rest.
 */
#ifdef __GNUC__
#define CVM_APART __attribute__((noipa))
#define CVM_INLINE inline __attribute__((always_inline))
#define CVM_RARE __attribute__((cold))
#define CVM_UNUSED __attribute__((unused))
#define CVM_LIKELY(condition) __builtin_expect((condition), 1)
#define CVM_FORGET(variable) __asm__("" : "+r"(variable))
#define CVM_PLACE() __asm__ volatile("")
#else
#define CVM_APART
#define CVM_INLINE inline
#define CVM_RARE
#define CVM_UNUSED
#define CVM_LIKELY(condition) (condition)
#define CVM_FORGET(variable) ((void)(variable))
#define CVM_PLACE() ((void)0)
#endif
#if defined(__GNUC__) && !defined(__clang__)
#define CVM_SELDOM __attribute__((cold))
#else
#define CVM_SELDOM
#endif

/* What the dispatcher does after a handler returned. */
enum cvm_action {
    CVM_ACTION_CONTINUE = 0, /* go on at pc + 1 */
    CVM_ACTION_JUMP = 1,     /* go on at HandlerResult.jump_address */
    CVM_ACTION_HALT = 2,     /* stop; pc stays */
    CVM_ACTION_ERROR = 3,    /* fault HandlerResult.error; pc stays and nothing was changed */
};

/*
 * A handler's verdict. Four bytes, so that it is returned in one register (AAPCS32 6.4); `bits` is
 * all of it at once, 0 for CONTINUE, because GCC builds and tests the members one by one in memory.
 */
typedef union HandlerResult {
    struct {
        uint16_t jump_address; /* index of an instruction; 0 unless action is JUMP */
        uint8_t error;         /* enum cvm_error when action is ERROR; CVM_NEAR or 0 of a
                                  JUMP */
        uint8_t action;        /* enum cvm_action; the highest byte: a comparison of bits
                                  finds it */
    };
    uint32_t bits;
} HandlerResult;

#define CVM_ACTION_BITS(action) ((uint32_t)(action) << 24)

_Static_assert(sizeof(HandlerResult) == 4, "HandlerResult must fit one register");

/*
 * Executes one instruction. Knows where it is by cvm_next_pc, and never moves that: only the
 * dispatcher does. Checks everything before it changes anything: when the action is ERROR, stack,
 * frames, memory and I/O are as they were before.
 */
typedef HandlerResult (*cvm_handler)(cvm_engine *engine, uint8_t flags, uint16_t immediate,
                                     const VMMemoryOps *memory, const IOController *io);

static inline HandlerResult cvm_continue(void) {
    return (HandlerResult){.bits = CVM_ACTION_BITS(CVM_ACTION_CONTINUE)};
}

static inline HandlerResult cvm_jump(uint16_t address) {
    return (HandlerResult){.bits = CVM_ACTION_BITS(CVM_ACTION_JUMP) | address};
}

/* The bits, without the address, of a JUMP into the window (vm_engine.h), after which the run loop
 * goes on at once. */
#define CVM_NEAR_BITS (CVM_ACTION_BITS(CVM_ACTION_JUMP) | ((uint32_t)CVM_NEAR << 16))
enum { CVM_NEAR = 1 };

static inline HandlerResult cvm_jump_near(uint16_t address) {
    return (HandlerResult){.bits = CVM_NEAR_BITS | address};
}

static inline HandlerResult cvm_halt(void) {
    return (HandlerResult){.bits = CVM_ACTION_BITS(CVM_ACTION_HALT)};
}

static inline HandlerResult cvm_fault(uint8_t error) {
    return (HandlerResult){.bits = CVM_ACTION_BITS(CVM_ACTION_ERROR) | ((uint32_t)error << 16)};
}

/* The same 32 bits, read as two's complement. Every compiler this is built with folds it to
 * nothing. */
static inline int32_t cvm_signed(uint32_t bits) {
    return bits <= (uint32_t)INT32_MAX ? (int32_t)bits : -1 - (int32_t)(~bits);
}

#endif
