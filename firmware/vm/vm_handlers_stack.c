/* HALT, PUSH, POP. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(halt) {
    CVM_UNUSED(engine), CVM_UNUSED(immediate), CVM_UNUSED(memory), CVM_UNUSED(io);
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    return cvm_halt();
}

/* PUSH.WIDE: completes the constant whose low half is on top already. */
static HandlerResult push_wide(cvm_engine *engine, uint16_t immediate) {
    if (!cvm_has(engine, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const uint32_t low = (uint32_t)cvm_peek(engine, 0) & 0xFFFFU;
    cvm_replace(engine, 1, cvm_signed(((uint32_t)immediate << 16) | low));
    return cvm_continue();
}

CVM_HANDLER(push) {
    CVM_UNUSED(memory), CVM_UNUSED(io);
    if (flags == CVM_FLAG_PUSH_WIDE) {
        return push_wide(engine, immediate);
    }
    if (flags > CVM_FLAG_PUSH_WIDE) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has_room(engine)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    int32_t value = immediate;
    if (flags == CVM_FLAG_PUSH_SIGNED && value > INT16_MAX) {
        value -= 0x10000;
    }
    cvm_push(engine, value);
    return cvm_continue();
}

CVM_HANDLER(pop) {
    CVM_UNUSED(immediate), CVM_UNUSED(memory), CVM_UNUSED(io);
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has(engine, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    cvm_drop(engine, 1);
    return cvm_continue();
}
