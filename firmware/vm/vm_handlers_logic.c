/* AND, OR, NOT: truth values. */
#include "vm_binary.h"

CVM_BINARY_HANDLER(and, a != 0 && b != 0)
CVM_BINARY_HANDLER(or, a != 0 || b != 0)

CVM_HANDLER(not ) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory), CVM_UNUSED(io);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    cvm_replace(engine, 1, cvm_peek(engine, 0) == 0);
    return cvm_continue();
}
