/* Handlers `a b -- r` whose result is an expression that can't fail. */
#ifndef CVM_BINARY_H
#define CVM_BINARY_H

#include "vm_handlers.h"
#include "vm_stack.h"

/* Flags and underflow, which every handler without flags judges first. */
#define CVM_CHECK_OPERANDS(count)                                                                  \
    do {                                                                                           \
        if (flags != 0) {                                                                          \
            return cvm_fault(CVM_ERR_INVALID_OPCODE);                                              \
        }                                                                                          \
        if (!cvm_has(registers, hand, (count))) {                                                  \
            return cvm_fault(CVM_ERR_STACK_UNDERFLOW);                                             \
        }                                                                                          \
    } while (0)

/* Defines the handler of `name`; result is an int32_t expression of the uint32_t values a and b. */
#define CVM_BINARY_HANDLER(name, result)                                                           \
    CVM_HANDLER(name) {                                                                            \
        CVM_CHECK_OPERANDS(2);                                                                     \
        const uint32_t b = (uint32_t)cvm_pop(registers, hand);                                     \
        const uint32_t a = (uint32_t)cvm_pop(registers, hand);                                     \
        cvm_push(registers, hand, (result));                                                       \
        return cvm_continue();                                                                     \
    }

#endif
