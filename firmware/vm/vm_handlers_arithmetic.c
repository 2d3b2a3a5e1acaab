/* ADD, SUB, MUL, DIV, MOD. Calculated as uint32_t, which wraps, where int32_t would be undefined.
 */
#include "vm_binary.h"
#include "vm_defect.h"

static int32_t add(cvm_engine *engine, uint32_t a, uint32_t b) {
    if (CVM_DEFECT_STRAY_WRITE) {
        cvm_defect_stray_write(engine);
    }
    return cvm_signed(a + b);
}

CVM_BINARY_HANDLER(add, add(engine, a, b))
CVM_BINARY_HANDLER(sub, cvm_signed(CVM_DEFECT_SUB_SWAPPED ? b - a : a - b))
CVM_BINARY_HANDLER(mul, (cvm_signed(a * b)))

CVM_HANDLER(div) {
    CVM_CHECK_OPERANDS(2);
    const int32_t a = cvm_peek(registers, hand, 1);
    const int32_t b = cvm_peek(registers, hand, 0);
    if (b == 0) {
        return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);
    }
    /* -1 apart: INT32_MIN / -1 overflows in C, and wraps here. */
    cvm_replace(registers, hand, 2, b == -1 ? cvm_signed(0U - (uint32_t)a) : a / b);
    return cvm_continue();
}

CVM_HANDLER(mod) {
    CVM_CHECK_OPERANDS(2);
    const int32_t a = cvm_peek(registers, hand, 1);
    const int32_t b = cvm_peek(registers, hand, 0);
    if (b == 0) {
        return cvm_fault(CVM_ERR_DIVISION_BY_ZERO);
    }
    if (CVM_DEFECT_HARD_FAULT_IN_MOD) {
        cvm_defect_hard_fault();
    }
    if (CVM_DEFECT_STACK_OVERFLOW_IN_MOD) {
        cvm_defect_stack_overflow();
    }
    cvm_replace(registers, hand, 2, b == -1 ? 0 : a % b);
    return cvm_continue();
}
