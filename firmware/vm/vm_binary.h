/* Handlers `a b -- r` whose result is an expression that can't fail. */
#ifndef CVM_BINARY_H
#define CVM_BINARY_H

#include "vm_handlers.h"
#include "vm_stack.h"

/* Flags and underflow, which every handler without flags judges first. */
static inline uint8_t cvm_check_operands(const cvm_engine *engine, uint8_t flags, uint32_t count) {
    if (flags != 0) {
        return CVM_ERR_INVALID_OPCODE;
    }
    return cvm_has(engine, count) ? CVM_ERR_NONE : CVM_ERR_STACK_UNDERFLOW;
}

/* Defines the handler of `name`; result is an int32_t expression of the uint32_t values a and b. */
#define CVM_BINARY_HANDLER(name, result)                                                           \
    CVM_HANDLER(name) {                                                                            \
        CVM_UNUSED(immediate), CVM_UNUSED(memory), CVM_UNUSED(io);                                 \
        const uint8_t error = cvm_check_operands(engine, flags, 2);                                \
        if (error != CVM_ERR_NONE) {                                                               \
            return cvm_fault(error);                                                               \
        }                                                                                          \
        const uint32_t a = (uint32_t)cvm_peek(engine, 1);                                          \
        const uint32_t b = (uint32_t)cvm_peek(engine, 0);                                          \
        cvm_replace(engine, 2, (result));                                                          \
        return cvm_continue();                                                                     \
    }

#endif
