/* JMP, JMP_TRUE, JMP_FALSE. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(jmp) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (immediate >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    return cvm_jump(immediate);
}

/* Jumps when the truth of the top value is `when`; the target is judged only then. */
static inline HandlerResult jump_if(const cvm_engine *engine, cvm_registers *registers,
                                    uint8_t flags, uint16_t target, bool when) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has(registers, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const bool taken = (cvm_peek(registers, 0) != 0) == when;
    if (taken && target >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    cvm_drop(registers, 1);
    return taken ? cvm_jump(target) : cvm_continue();
}

CVM_HANDLER(jmp_true) {
    return jump_if(engine, registers, flags, immediate, true);
}

CVM_HANDLER(jmp_false) {
    return jump_if(engine, registers, flags, immediate, false);
}
