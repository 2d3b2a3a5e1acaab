/* CALL, RET. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(call) {
    CVM_UNUSED(memory), CVM_UNUSED(io);
    const uint32_t arguments = flags;
    if (!cvm_has(engine, arguments)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    if (immediate >= engine->instruction_count) {
        return cvm_fault(CVM_ERR_INVALID_JUMP);
    }
    if (engine->depth >= CVM_CALL_DEPTH) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    const uint32_t base = engine->sp - arguments;
    engine->frames[engine->depth] =
        (cvm_frame){.return_pc = (uint16_t)(engine->pc + 1), .frame_base = (uint16_t)base};
    engine->depth++;
    engine->frame_base = base;
    return cvm_jump(immediate);
}

CVM_HANDLER(ret) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory), CVM_UNUSED(io);
    if (flags > CVM_FLAG_RET_VALUE) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (engine->depth == 0) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const bool with_value = flags == CVM_FLAG_RET_VALUE;
    if (with_value && !cvm_has(engine, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const int32_t value = with_value ? cvm_peek(engine, 0) : 0;
    engine->depth--;
    const uint16_t return_pc = engine->frames[engine->depth].return_pc;
    engine->sp = engine->frame_base;
    if (with_value) {
        cvm_push(engine, value);
    }
    engine->frame_base = engine->depth == 0 ? 0U : engine->frames[engine->depth - 1U].frame_base;
    return cvm_jump(return_pc);
}
