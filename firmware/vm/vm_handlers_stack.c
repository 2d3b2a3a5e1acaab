/* HALT, PUSH, POP. */
#include "vm_handlers.h"
#include "vm_stack.h"

CVM_HANDLER(halt) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    return cvm_halt();
}

/* PUSH.WIDE: completes the constant whose low half is on top already. */
static CVM_INLINE HandlerResult push_wide(cvm_registers *registers, cvm_hand *hand,
                                          uint16_t immediate) {
    if (!cvm_has(registers, hand, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    const uint32_t low = (uint32_t)cvm_peek(registers, hand, 0) & 0xFFFFU;
    cvm_replace(registers, hand, 1, cvm_signed(((uint32_t)immediate << 16) | low));
    return cvm_continue();
}

static CVM_INLINE HandlerResult push_value(cvm_registers *registers, cvm_hand *hand,
                                           int32_t value) {
    if (!cvm_has_room(registers, hand)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_push(registers, hand, value);
    return cvm_continue();
}

/* PUSH.SIGNED. */
static CVM_INLINE HandlerResult push_signed(cvm_registers *registers, cvm_hand *hand,
                                            uint16_t immediate) {
    return push_value(registers, hand, immediate > INT16_MAX ? immediate - 0x10000 : immediate);
}

CVM_HANDLER(push) {
    if (flags == 0) {
        return push_value(registers, hand, immediate);
    }
    if (flags == CVM_FLAG_PUSH_SIGNED) {
        return push_signed(registers, hand, immediate);
    }
    if (flags == CVM_FLAG_PUSH_WIDE) {
        return push_wide(registers, hand, immediate);
    }
    return cvm_fault(CVM_ERR_INVALID_OPCODE);
}

CVM_HANDLER(pop) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    if (!cvm_has(registers, hand, 1)) {
        return cvm_fault(CVM_ERR_STACK_UNDERFLOW);
    }
    cvm_drop(registers, hand, 1);
    return cvm_continue();
}
