/* BITWISE_AND, BITWISE_OR, BITWISE_XOR, BITWISE_NOT, SHIFT_LEFT, SHIFT_RIGHT. */
#include "vm_binary.h"

CVM_BINARY_HANDLER(bitwise_and, (cvm_signed(a & b)))
CVM_BINARY_HANDLER(bitwise_or, cvm_signed(a | b))
CVM_BINARY_HANDLER(bitwise_xor, cvm_signed(a ^ b))

CVM_HANDLER(bitwise_not) {
    CVM_CHECK_OPERANDS(1);
    cvm_replace(registers, hand, 1, cvm_signed(~(uint32_t)cvm_peek(registers, hand, 0)));
    return cvm_continue();
}

CVM_HANDLER(shift_left) {
    CVM_CHECK_OPERANDS(2);
    const uint32_t count = (uint32_t)cvm_peek(registers, hand, 0);
    if (count > 31U) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    cvm_replace(registers, hand, 2, cvm_signed((uint32_t)cvm_peek(registers, hand, 1) << count));
    return cvm_continue();
}

/* C11 6.5.7 leaves it to the compiler what >> makes of negative values. This needs copies of the
 * sign, for which GCC and clang are known; another one has to show it here. */
/* cppcheck-suppress shiftNegativeLHS */
_Static_assert((INT32_C(-5) >> 1) == -3 && (INT32_MIN >> 31) == -1, "shifts must be arithmetic");

CVM_HANDLER(shift_right) {
    CVM_CHECK_OPERANDS(2);
    const uint32_t count = (uint32_t)cvm_peek(registers, hand, 0);
    if (count > 31U) {
        return cvm_fault(CVM_ERR_INVALID_ARGUMENT);
    }
    /* cppcheck-suppress shiftTooManyBitsSigned */
    cvm_replace(registers, hand, 2, cvm_peek(registers, hand, 1) >> count);
    return cvm_continue();
}
