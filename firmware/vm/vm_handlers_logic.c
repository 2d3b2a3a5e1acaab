/* AND, OR, NOT: truth values. */
#include "vm_binary.h"

CVM_BINARY_HANDLER(and, a != 0 && b != 0)
CVM_BINARY_HANDLER(or, a != 0 || b != 0)

CVM_HANDLER(not ) {
    CVM_CHECK_OPERANDS(1);
    cvm_replace(registers, hand, 1, cvm_peek(registers, hand, 0) == 0);
    return cvm_continue();
}
