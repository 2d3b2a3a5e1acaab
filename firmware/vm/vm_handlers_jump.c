/* JMP, JMP_TRUE, JMP_FALSE. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(jmp) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    return cvm_go_if_valid(engine, immediate);
}

/* Jumps when the truth of the top value is `when`; the target is judged only then. */
static CVM_INLINE HandlerResult jump_if(const cvm_engine *engine, cvm_registers *registers,
                                        cvm_hand *hand, uint8_t flags, uint16_t target, bool when) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has(registers, hand, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    if ((cvm_peek(registers, hand, 0) != 0) != when) {
        cvm_drop(registers, hand, 1);
        return cvm_continue();
    }
    const HandlerResult result = cvm_go_if_valid(engine, target);
    if (result.bits < CVM_ACTION_BITS(CVM_ACTION_ERROR)) {
        cvm_drop(registers, hand, 1);
    }
    return result;
}

CVM_HANDLER(jmp_true) {
    return jump_if(engine, registers, hand, flags, immediate, true);
}

CVM_HANDLER(jmp_false) {
    return jump_if(engine, registers, hand, flags, immediate, false);
}
