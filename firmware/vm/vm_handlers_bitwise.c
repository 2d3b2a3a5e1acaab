/* BITWISE_AND, BITWISE_OR, BITWISE_XOR, BITWISE_NOT, SHIFT_LEFT, SHIFT_RIGHT. */
#include "vm_binary.h"

CVM_BINARY_HANDLER(bitwise_and, (cvm_signed(a & b)))
CVM_BINARY_HANDLER(bitwise_or, cvm_signed(a | b))
CVM_BINARY_HANDLER(bitwise_xor, cvm_signed(a ^ b))

CVM_HANDLER(bitwise_not) {
    CVM_CHECK_OPERANDS(1);
    cvm_replace(registers, 1, cvm_signed(~(uint32_t)cvm_peek(registers, 0)));
    return cvm_continue();
}

CVM_HANDLER(shift_left) {
    CVM_CHECK_OPERANDS(2);
    const uint32_t count = (uint32_t)cvm_peek(registers, 0);
    if (count > 31U) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    cvm_replace(registers, 2, cvm_signed((uint32_t)cvm_peek(registers, 1) << count));
    return cvm_continue();
}

/* Arithmetic, whatever the compiler does with >> on negative values (C11 6.5.7 leaves it open). */
static inline int32_t shift_right_signed(int32_t value, uint32_t count) {
    const uint32_t bits = (uint32_t)value;
    return value >= 0 ? cvm_signed(bits >> count) : cvm_signed(~(~bits >> count));
}

CVM_HANDLER(shift_right) {
    CVM_CHECK_OPERANDS(2);
    const uint32_t count = (uint32_t)cvm_peek(registers, 0);
    if (count > 31U) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    cvm_replace(registers, 2, shift_right_signed(cvm_peek(registers, 1), count));
    return cvm_continue();
}
