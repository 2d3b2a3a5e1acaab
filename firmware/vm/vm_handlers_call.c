/* CALL, RET. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(call) {
    const uint32_t arguments = flags;
    cvm_put_down(registers, hand);
    if (!cvm_has(registers, hand, arguments)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const bool is_near = cvm_is_near(engine, immediate);
    if (!is_near && immediate >= engine->instruction_count) {
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
    return is_near ? cvm_jump_near(immediate) : cvm_jump(immediate);
}

CVM_HANDLER(ret) {
    if (flags > CVM_FLAG_RET_VALUE) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (engine->depth == 0) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    if (flags == CVM_FLAG_RET_VALUE && !cvm_has(registers, hand, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const int32_t value = flags == CVM_FLAG_RET_VALUE ? cvm_peek(registers, hand, 0) : 0;
    cvm_put_down(registers, hand);
    registers->top = registers->base;
    if (flags == CVM_FLAG_RET_VALUE) {
        cvm_push(registers, hand, value);
    }
    engine->depth--;
    const cvm_frame *frame = &engine->frames[engine->depth];
    cvm_set_base(registers,
                 engine->depth == 0 ? engine->stack : &engine->stack[frame[-1].frame_base]);
    return cvm_go(engine, frame->return_pc);
}
