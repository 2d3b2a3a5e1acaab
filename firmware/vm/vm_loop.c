#include "vm_loop.h"

#include "vm_stack.h"

#ifdef CVM_DISPATCH_SWITCH

/* Opcode and flags of an instruction as one number, with registers.care. */
static CVM_INLINE uint32_t kind_of(const cvm_registers *registers, uint32_t word) {
    return registers->care + (word & 0xFFFFU);
}

#define CVM_FLAGGED(opcode, flags) ((uint32_t)(opcode) | ((uint32_t)(flags) << 8))

/* Groups of opcodes (docs/isa.md). */
#define CVM_COMPARES(opcode) (((opcode)&0xF0) == CVM_OP_EQ)
#define CVM_IS_IO(opcode) (((opcode)&0xF0) == CVM_OP_DIGITAL_WRITE)

/* Whether an opcode without flags is worth a copy of its handler for a hand that holds a value. */
#define CVM_IS_FREQUENT(opcode)                                                                    \
    ((opcode) != CVM_OP_HALT && (opcode) != CVM_OP_CALL && (opcode) != CVM_OP_RET &&               \
     (opcode) != CVM_OP_CREATE_ARRAY && !CVM_IS_IO(opcode))

/* Whether such an instruction takes a value, and so is worth only that copy. */
#define CVM_TAKES(opcode)                                                                          \
    (CVM_IS_FREQUENT(opcode) && (opcode) != CVM_OP_PUSH && (opcode) != CVM_OP_JMP &&               \
     (opcode) != CVM_OP_LOAD_LOCAL && (opcode) != CVM_OP_LOAD_GLOBAL)

/* The body of a handler in the place of a call through the table. */
#define CVM_ON(name, flags) CVM_BODY_ON(name, (flags), (word >> 16) * 4U)
/* The same for an instruction whose flags are 0: the bits below its immediate are. */
#define CVM_ON_PLAIN(name) CVM_BODY_ON(name, 0, word >> 14)
#define CVM_BODY_ON(name, flags, distance)                                                         \
    cvm_on_##name(engine, registers, hand, (flags), (uint16_t)(word >> 16), (distance),            \
                  engine->memory, engine->io)

/* ---- parts of `run` ---- */

/* The next instruction. */
#define CVM_FETCH()                                                                                \
    {                                                                                              \
        word = cvm_fetch(registers->next);                                                         \
        registers->next += CVM_INSTRUCTION_SIZE;                                                   \
        kind = kind_of(registers, word);                                                           \
    }

/* Goes on after an instruction, or ends. What the hand holds then is known where this is compiled.
 */
#define CVM_AFTER(verdict)                                                                         \
    {                                                                                              \
        result = (verdict);                                                                        \
        if (cvm_goes_on(engine, registers, result)) {                                              \
            if (hand->holds) {                                                                     \
                goto holding;                                                                      \
            }                                                                                      \
            goto empty;                                                                            \
        }                                                                                          \
        if (hand->holds) {                                                                         \
            goto end_holding;                                                                      \
        }                                                                                          \
        return result;                                                                             \
    }

/*
 * A comparison, with a value in the hand. Mostly a conditional jump follows: that comes without a
 * look into the table, and its handler is given a value that the compiler knows.
 */
#define CVM_COMPARE(name)                                                                          \
    {                                                                                              \
        int32_t operand = hand->value;                                                             \
        result = CVM_ON_PLAIN(name);                                                               \
        if (!cvm_goes_on(engine, registers, result)) {                                             \
            goto end_holding;                                                                      \
        }                                                                                          \
        CVM_FETCH()                                                                                \
        if (kind == CVM_OP_JMP_TRUE) {                                                             \
            if (cvm_peek(registers, hand, 0) != 0) {                                               \
                goto jump_true_of_1;                                                               \
            }                                                                                      \
            goto jump_true_of_0;                                                                   \
        }                                                                                          \
        if (kind == CVM_OP_JMP_FALSE) {                                                            \
            if (cvm_peek(registers, hand, 0) != 0) {                                               \
                goto jump_false_of_1;                                                              \
            }                                                                                      \
            goto jump_false_of_0;                                                                  \
        }                                                                                          \
        /* Once more, or the compiler would make the value before it knows whether it is needed.   \
         */                                                                                        \
        registers->top++;                                                                          \
        CVM_FORGET(operand);                                                                       \
        hand->value = operand;                                                                     \
        result = CVM_ON_PLAIN(name);                                                               \
        goto again_holding;                                                                        \
    }

/* An instruction with flags, or without a meaning. Only few opcodes know flags, and the compiler
 * makes one case of the rest. */
static CVM_INLINE HandlerResult execute_flagged(cvm_engine *engine, cvm_registers *registers,
                                                cvm_hand *hand, uint32_t word) {
    const uint8_t flags = (uint8_t)(word >> 8);
    if (flags == 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    switch (word & 0xFFU) {
#define CVM_CASE(code, NAME, name)                                                                 \
    case (code):                                                                                   \
        return CVM_ON(name, flags);
        CVM_OPCODES(CVM_CASE)
#undef CVM_CASE
    default:
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
}

/*
 * `registers` and `hand` belong to this function alone, so that the compiler can keep them in the
 * processor's registers: no handler's body may hand out their address. There are two loops, one for
 * an empty hand and one for a hand that holds a value, and each instruction goes on in the one that
 * fits; so no instruction need ask.
 */
static CVM_INLINE HandlerResult run(cvm_engine *engine, cvm_registers *registers, cvm_hand *hand) {
    HandlerResult result;
    uint32_t word;
    uint32_t kind;
    goto empty;

pick_up:
    CVM_SELDOM;
    cvm_pick_up(registers, hand);
    goto again_holding;

holding:
    CVM_FETCH()
again_holding:
    hand->holds = true;
    /* One comparison, the switch's own, finds flags, unknown opcodes and the need for care. */
    switch (kind) {
#define CVM_CASE(code, NAME, name)                                                                 \
    case (code):                                                                                   \
        if (!CVM_IS_FREQUENT(code)) {                                                              \
            goto rare;                                                                             \
        }                                                                                          \
        CVM_PLACE();                                                                               \
        if (CVM_COMPARES(code)) {                                                                  \
            CVM_COMPARE(name)                                                                      \
        }                                                                                          \
        CVM_AFTER(CVM_ON_PLAIN(name))
        CVM_OPCODES(CVM_CASE)
#undef CVM_CASE
    default:
        cvm_put_down(registers, hand);
        goto other;
    }

empty:
    hand->holds = false;
    CVM_FETCH()
again:
    switch (kind) {
#define CVM_CASE(code, NAME, name)                                                                 \
    case (code):                                                                                   \
        if (CVM_TAKES(code) && registers->top != registers->base) {                                \
            goto pick_up;                                                                          \
        }                                                                                          \
        CVM_AFTER(CVM_ON_PLAIN(name))
        CVM_OPCODES(CVM_CASE)
#undef CVM_CASE
    default:
        goto other;
    }

jump_true_of_1:
    hand->value = 1;
    CVM_AFTER(CVM_ON_PLAIN(jmp_true))
jump_true_of_0:
    hand->value = 0;
    CVM_AFTER(CVM_ON_PLAIN(jmp_true))
jump_false_of_1:
    hand->value = 1;
    CVM_AFTER(CVM_ON_PLAIN(jmp_false))
jump_false_of_0:
    hand->value = 0;
    CVM_AFTER(CVM_ON_PLAIN(jmp_false))

rare:
    cvm_put_down(registers, hand);
    goto again;

other:
    CVM_SELDOM;
    /* What is derived from these here is not to be calculated above, for every instruction. */
    CVM_FORGET(word);
    CVM_FORGET(kind);
    CVM_FORGET(registers->next);
    /* What is frequent among those with flags, which are then known. */
    if (kind == CVM_FLAGGED(CVM_OP_PUSH, CVM_FLAG_PUSH_WIDE)) {
        CVM_AFTER(CVM_ON(push, CVM_FLAG_PUSH_WIDE))
    }
    if (kind == CVM_FLAGGED(CVM_OP_CALL, 1)) {
        CVM_AFTER(CVM_ON(call, 1))
    }
    if (kind == CVM_FLAGGED(CVM_OP_RET, CVM_FLAG_RET_VALUE)) {
        CVM_AFTER(CVM_ON(ret, CVM_FLAG_RET_VALUE))
    }
    if (kind == CVM_FLAGGED(CVM_OP_CALL, 2)) {
        CVM_AFTER(CVM_ON(call, 2))
    }
    if (kind == CVM_FLAGGED(CVM_OP_PUSH, CVM_FLAG_PUSH_SIGNED)) {
        CVM_AFTER(CVM_ON(push, CVM_FLAG_PUSH_SIGNED))
    }
    if (kind < CVM_CARE) {
        CVM_AFTER(execute_flagged(engine, registers, hand, word))
    }
    if (registers->next - CVM_INSTRUCTION_SIZE == cvm_stop_of(engine)) {
        registers->next -= CVM_INSTRUCTION_SIZE;
        return cvm_continue();
    }
    if (!cvm_guards_are_good(engine)) {
        return cvm_fault(CVM_ERR_STACK_CORRUPTION);
    }
    kind -= CVM_CARE;
    goto again;

end_holding:
    cvm_put_down(registers, hand);
    return result;
}

HandlerResult cvm_loop(cvm_engine *engine) {
    /* Member by member, or the compiler keeps them in memory. */
    cvm_registers registers = {.top = engine->registers.top,
                               .base = engine->registers.base,
                               .last = engine->registers.last,
                               .next = engine->registers.next,
                               .care = engine->registers.care};
    cvm_hand hand = {0};
    const HandlerResult result = run(engine, &registers, &hand);
    engine->registers.top = registers.top;
    engine->registers.base = registers.base;
    engine->registers.next = registers.next;
    return result;
}

#else

static CVM_APART HandlerResult run(cvm_engine *engine, const cvm_handler *table,
                                   const VMMemoryOps *memory, const IOController *io) {
    cvm_registers *registers = &engine->registers;
    const uint8_t *next = registers->next;
    const uint8_t *stop = registers->care != 0 ? cvm_stop_of(engine) : NULL;
    for (;;) {
        if (next == stop) {
            return cvm_continue();
        }
        const uint32_t word = cvm_fetch(next);
        next += CVM_INSTRUCTION_SIZE;
        registers->next = next;
        if (!cvm_guards_are_good(engine)) {
            return cvm_fault(CVM_ERR_STACK_CORRUPTION);
        }
        const HandlerResult result = cvm_dispatch(engine, word, table, memory, io);
        if (CVM_LIKELY(result.bits == CVM_ACTION_BITS(CVM_ACTION_CONTINUE))) {
            continue;
        }
        if (!cvm_goes_on(engine, registers, result)) {
            return result;
        }
        next = registers->next;
        stop = registers->care != 0 ? cvm_stop_of(engine) : NULL;
    }
}

HandlerResult cvm_loop(cvm_engine *engine) {
    return run(engine, cvm_dispatch_table, engine->memory, engine->io);
}

#endif
