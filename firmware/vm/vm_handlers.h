/* The handlers, one for each opcode; vm_handlers_<group>.c holds them by the groups of the
 * instruction table. */
#ifndef CVM_HANDLERS_H
#define CVM_HANDLERS_H

#include "vm_types.h"

#define CVM_HANDLER(name)                                                                          \
    HandlerResult cvm_op_##name(cvm_engine *engine, uint8_t flags, uint16_t immediate,             \
                                const VMMemoryOps *memory, const IOController *io)

#define CVM_DECLARE_HANDLER(code, NAME, name) CVM_HANDLER(name);
CVM_OPCODES(CVM_DECLARE_HANDLER)
#undef CVM_DECLARE_HANDLER

/* For handlers that leave some of their parameters alone. */
#define CVM_UNUSED(parameter) ((void)(parameter))

/* The dispatch table: the handler of each opcode, NULL where there is none. */
enum { CVM_DISPATCH_SIZE = 256 };
extern const cvm_handler cvm_dispatch_table[CVM_DISPATCH_SIZE];

#endif
