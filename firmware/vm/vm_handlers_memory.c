/* Globals, locals and arrays. Globals and arrays only through the memory operations. */
#include "vm_binary.h"
#include "vm_memory.h"

CVM_HANDLER(load_global) {
    CVM_UNUSED(io);
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    int32_t value = 0;
    if (!memory->load_global(memory->context, immediate, &value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    if (!cvm_has_room(engine)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_push(engine, value);
    return cvm_continue();
}

CVM_HANDLER(store_global) {
    CVM_UNUSED(io);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    if (!memory->store_global(memory->context, immediate, cvm_peek(engine, 0))) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(engine, 1);
    return cvm_continue();
}

CVM_HANDLER(load_local) {
    CVM_UNUSED(memory), CVM_UNUSED(io);
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    const uint32_t place = engine->frame_base + immediate;
    if (place >= engine->sp) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    if (!cvm_has_room(engine)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_push(engine, engine->stack[place]);
    return cvm_continue();
}

CVM_HANDLER(store_local) {
    CVM_UNUSED(memory), CVM_UNUSED(io);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const uint32_t place = engine->frame_base + immediate;
    if (place >= engine->sp - 1U) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    engine->stack[place] = cvm_peek(engine, 0);
    cvm_drop(engine, 1);
    return cvm_continue();
}

CVM_HANDLER(load_array) {
    CVM_UNUSED(io);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const int32_t index = cvm_peek(engine, 0);
    int32_t value = 0;
    if (index < 0 || !memory->load_array(memory->context, immediate, (uint32_t)index, &value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_replace(engine, 1, value);
    return cvm_continue();
}

CVM_HANDLER(store_array) {
    CVM_UNUSED(io);
    const uint8_t error = cvm_check_operands(engine, flags, 2);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const int32_t index = cvm_peek(engine, 1);
    const int32_t value = cvm_peek(engine, 0);
    if (index < 0 || !memory->store_array(memory->context, immediate, (uint32_t)index, value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(engine, 2);
    return cvm_continue();
}

CVM_HANDLER(create_array) {
    CVM_UNUSED(io);
    const uint8_t error = cvm_check_operands(engine, flags, 1);
    if (error != CVM_ERR_NONE) {
        return cvm_fault(error);
    }
    const int32_t size = cvm_peek(engine, 0);
    if (size < 0 || !memory->create_array(memory->context, immediate, (uint32_t)size)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(engine, 1);
    return cvm_continue();
}
