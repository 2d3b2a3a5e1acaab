#include "vm_handlers.h"

#define CVM_SLOT(code, NAME, name) [code] = cvm_op_##name,
const cvm_handler cvm_dispatch_table[CVM_DISPATCH_SIZE] = {CVM_OPCODES(CVM_SLOT)};
#undef CVM_SLOT
