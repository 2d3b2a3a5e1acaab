/* JMP, JMP_TRUE, JMP_FALSE. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(jmp) {
    CVM_UNUSED(memory), CVM_UNUSED(io);
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (immediate >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    return cvm_jump(immediate);
}

/* Jumps when the truth of the top value is `when`; the target is judged only then. */
static inline HandlerResult jump_if(cvm_engine *engine, uint8_t flags, uint16_t target, bool when) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has(engine, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const bool taken = (cvm_peek(engine, 0) != 0) == when;
    if (taken && target >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    cvm_drop(engine, 1);
    return taken ? cvm_jump(target) : cvm_continue();
}

CVM_HANDLER(jmp_true) {
    CVM_UNUSED(memory), CVM_UNUSED(io);
    return jump_if(engine, flags, immediate, true);
}

CVM_HANDLER(jmp_false) {
    CVM_UNUSED(memory), CVM_UNUSED(io);
    return jump_if(engine, flags, immediate, false);
}
