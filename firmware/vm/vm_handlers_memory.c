/* Globals, locals and arrays. Globals and arrays only through the memory operations. */
#include "vm_binary.h"
#include "vm_memory.h"

CVM_HANDLER(load_global) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    int32_t value = 0;
    if (!memory->load_global(memory->context, immediate, &value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    if (!cvm_has_room(engine, registers)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_push(registers, value);
    return cvm_continue();
}

CVM_HANDLER(store_global) {
    CVM_CHECK_OPERANDS(1);
    if (!memory->store_global(memory->context, immediate, cvm_peek(registers, 0))) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, 1);
    return cvm_continue();
}

CVM_HANDLER(load_local) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    const uintptr_t place = cvm_local(registers, immediate);
    if (place >= (uintptr_t)registers->top) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    if (!cvm_has_room(engine, registers)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_push(registers, *(const int32_t *)place);
    return cvm_continue();
}

CVM_HANDLER(store_local) {
    CVM_CHECK_OPERANDS(1);
    const uintptr_t place = cvm_local(registers, immediate);
    if (place >= (uintptr_t)(registers->top - 1)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    *(int32_t *)place = cvm_peek(registers, 0);
    cvm_drop(registers, 1);
    return cvm_continue();
}

CVM_HANDLER(load_array) {
    CVM_CHECK_OPERANDS(1);
    const int32_t index = cvm_peek(registers, 0);
    int32_t value = 0;
    if (index < 0 || !memory->load_array(memory->context, immediate, (uint32_t)index, &value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_replace(registers, 1, value);
    return cvm_continue();
}

CVM_HANDLER(store_array) {
    CVM_CHECK_OPERANDS(2);
    const int32_t index = cvm_peek(registers, 1);
    const int32_t value = cvm_peek(registers, 0);
    if (index < 0 || !memory->store_array(memory->context, immediate, (uint32_t)index, value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, 2);
    return cvm_continue();
}

CVM_HANDLER(create_array) {
    CVM_CHECK_OPERANDS(1);
    const int32_t size = cvm_peek(registers, 0);
    if (size < 0 || !memory->create_array(memory->context, immediate, (uint32_t)size)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, 1);
    return cvm_continue();
}
