/* EQ, NE, LT, GT, LE, GE and their _SIGNED forms. */
#include "vm_binary.h"
#include "vm_defect.h"

CVM_BINARY_HANDLER(eq, a == b)
CVM_BINARY_HANDLER(ne, a != b)
CVM_BINARY_HANDLER(lt, a < b)
CVM_BINARY_HANDLER(gt, a > b)
CVM_BINARY_HANDLER(le, a <= b)
CVM_BINARY_HANDLER(ge, a >= b)

CVM_BINARY_HANDLER(eq_signed, a == b)
CVM_BINARY_HANDLER(ne_signed, a != b)
CVM_BINARY_HANDLER(lt_signed, CVM_DEFECT_LT_SIGNED_LE ? cvm_signed(a) <= cvm_signed(b)
                                                      : cvm_signed(a) < cvm_signed(b))
CVM_BINARY_HANDLER(gt_signed, cvm_signed(a) > cvm_signed(b))
CVM_BINARY_HANDLER(le_signed, cvm_signed(a) <= cvm_signed(b))
CVM_BINARY_HANDLER(ge_signed, cvm_signed(a) >= cvm_signed(b))
