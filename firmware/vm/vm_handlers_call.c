/* CALL, RET. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(call) {
    const uint32_t arguments = flags;
    if (!cvm_has(registers, arguments)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    if (immediate >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    if (engine->depth >= CVM_CALL_DEPTH) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_frame *frame = &engine->frames[engine->depth];
    engine->depth++;
    cvm_set_base(registers, registers->top - arguments);
    frame->return_pc = cvm_next_pc(engine, registers);
    frame->frame_base = (uint16_t)cvm_frame_base(engine, registers);
    return cvm_jump(immediate);
}

CVM_HANDLER(ret) {
    if (flags > CVM_FLAG_RET_VALUE) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (engine->depth == 0) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    int32_t *top = registers->base;
    if (flags == CVM_FLAG_RET_VALUE) {
        if (!cvm_has(registers, 1)) {
            return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
        }
        *top = cvm_peek(registers, 0);
        top++;
    }
    registers->top = top;
    engine->depth--;
    const cvm_frame *frame = &engine->frames[engine->depth];
    cvm_set_base(registers,
                 engine->depth == 0 ? engine->stack : &engine->stack[frame[-1].frame_base]);
    return cvm_jump(frame->return_pc);
}
