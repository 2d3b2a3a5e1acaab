/* The handlers, one for each opcode; vm_handlers_<group>.c holds them by the groups of the
 * instruction table. */
#ifndef CVM_HANDLERS_H
#define CVM_HANDLERS_H

#include "vm_engine.h"
#include "vm_stack.h"

/*
 * What a handler's body is given beyond the signature: the engine's registers, which a run loop may
 * keep in the processor's; and the immediate as a distance of i32 values in bytes, 4 * immediate,
 * which a run loop may have at less cost. A body need not use all of it.
 */
#define CVM_BODY(name)                                                                             \
    static CVM_INLINE HandlerResult cvm_on_##name(                                                 \
        CVM_UNUSED cvm_engine *engine, CVM_UNUSED cvm_registers *registers,                        \
        CVM_UNUSED cvm_hand *hand, CVM_UNUSED uint8_t flags, CVM_UNUSED uint16_t immediate,        \
        CVM_UNUSED uint32_t distance, CVM_UNUSED const VMMemoryOps *memory,                        \
        CVM_UNUSED const IOController *io)

/* With CVM_DISPATCH=SWITCH only single steps go through the table. */
#ifdef CVM_DISPATCH_SWITCH
#define CVM_HANDLER_SPEED CVM_RARE
#else
#define CVM_HANDLER_SPEED
#endif

/*
 * Defines the handler of `name`; the body follows. The function in the dispatch table is the body
 * on the engine's own registers.
 */
#define CVM_HANDLER(name)                                                                          \
    CVM_BODY(name);                                                                                \
    CVM_HANDLER_FUNCTION(name) {                                                                   \
        cvm_hand hand = {0};                                                                       \
        const HandlerResult result = cvm_on_##name(engine, &engine->registers, &hand, flags,       \
                                                   immediate, 4U * immediate, memory, io);         \
        cvm_put_down(&engine->registers, &hand);                                                   \
        return result;                                                                             \
    }                                                                                              \
    CVM_BODY(name)

#define CVM_HANDLER_FUNCTION(name)                                                                 \
    CVM_HANDLER_SPEED HandlerResult cvm_op_##name(cvm_engine *engine, uint8_t flags,               \
                                                  uint16_t immediate, const VMMemoryOps *memory,   \
                                                  const IOController *io)

#define CVM_DECLARE_HANDLER(code, NAME, name) CVM_HANDLER_FUNCTION(name);
CVM_OPCODES(CVM_DECLARE_HANDLER)
#undef CVM_DECLARE_HANDLER

/* The dispatch table: the handler of each opcode, NULL where there is none. */
enum { CVM_DISPATCH_SIZE = 256 };
extern const cvm_handler cvm_dispatch_table[CVM_DISPATCH_SIZE];

#endif
