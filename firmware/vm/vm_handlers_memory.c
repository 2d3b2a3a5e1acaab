/*
 * Globals, locals and arrays. Globals and arrays only through the memory operations, whose bodies
 * are in the place of calls where engine->window.direct says which they are.
 */
#include "vm_binary.h"
#include "vm_memory.h"

/* The operation in a place of its own, for a value that is to stay in a register otherwise. */
static CVM_INLINE bool load_global(const cvm_engine *engine, const VMMemoryOps *memory, uint16_t id,
                                   int32_t *out) {
    if (CVM_LIKELY(engine->window.direct != NULL)) {
        return cvm_load_global(engine->window.direct, id, out);
    }
    int32_t value = 0;
    const bool done = memory->load_global(memory->context, id, &value);
    *out = value;
    return done;
}

static CVM_INLINE bool store_global(const cvm_engine *engine, const VMMemoryOps *memory,
                                    uint16_t id, int32_t value) {
    return CVM_LIKELY(engine->window.direct != NULL)
               ? cvm_store_global(engine->window.direct, id, value)
               : memory->store_global(memory->context, id, value);
}

/* The operations take no negative index; a context has no such element. */
static CVM_INLINE bool load_array(const cvm_engine *engine, const VMMemoryOps *memory, uint16_t id,
                                  int32_t index, int32_t *out) {
    if (CVM_LIKELY(engine->window.direct != NULL)) {
        return cvm_load_array(engine->window.direct, id, (uint32_t)index, out);
    }
    int32_t value = 0;
    const bool done =
        index >= 0 && memory->load_array(memory->context, id, (uint32_t)index, &value);
    *out = value;
    return done;
}

static CVM_INLINE bool store_array(const cvm_engine *engine, const VMMemoryOps *memory, uint16_t id,
                                   int32_t index, int32_t value) {
    if (CVM_LIKELY(engine->window.direct != NULL)) {
        return cvm_store_array(engine->window.direct, id, (uint32_t)index, value);
    }
    return index >= 0 && memory->store_array(memory->context, id, (uint32_t)index, value);
}

CVM_HANDLER(load_global) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    int32_t value = 0;
    if (!load_global(engine, memory, immediate, &value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    if (!cvm_has_room(registers, hand)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_push(registers, hand, value);
    return cvm_continue();
}

CVM_HANDLER(store_global) {
    CVM_CHECK_OPERANDS(1);
    if (!store_global(engine, memory, immediate, cvm_peek(registers, hand, 0))) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, hand, 1);
    return cvm_continue();
}

CVM_HANDLER(load_local) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    cvm_put_down(registers, hand); /* it may be the local */
    const uintptr_t place = cvm_local(registers, distance);
    if (place >= (uintptr_t)registers->top) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    if (!cvm_has_room(registers, hand)) {
        return cvm_fault(CVM_ERR_STACK_OVERFLOW);
    }
    cvm_push(registers, hand, *(const int32_t *)place);
    return cvm_continue();
}

CVM_HANDLER(store_local) {
    if (flags != 0) {
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
    /* Never true in an empty frame: one comparison for both faults. */
    const uintptr_t place = cvm_local(registers, distance);
    const uint32_t value_size = CVM_HOLDS(hand) ? 0 : sizeof(int32_t);
    if (place + value_size >= (uintptr_t)registers->top) {
        return cvm_fault(cvm_has(registers, hand, 1) ? CVM_ERR_MEMORY_BOUNDS
                                                     : CVM_ERR_STACK_UNDERFLOW);
    }
    *(int32_t *)place = cvm_peek(registers, hand, 0);
    cvm_drop(registers, hand, 1);
    return cvm_continue();
}

CVM_HANDLER(load_array) {
    CVM_CHECK_OPERANDS(1);
    const int32_t index = cvm_peek(registers, hand, 0);
    int32_t value = 0;
    if (!load_array(engine, memory, immediate, index, &value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_replace(registers, hand, 1, value);
    return cvm_continue();
}

CVM_HANDLER(store_array) {
    CVM_CHECK_OPERANDS(2);
    const int32_t index = cvm_peek(registers, hand, 1);
    const int32_t value = cvm_peek(registers, hand, 0);
    if (!store_array(engine, memory, immediate, index, value)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, hand, 2);
    return cvm_continue();
}

CVM_HANDLER(create_array) {
    CVM_CHECK_OPERANDS(1);
    const int32_t size = cvm_peek(registers, hand, 0);
    if (size < 0 || !memory->create_array(memory->context, immediate, (uint32_t)size)) {
        return cvm_fault(CVM_ERR_MEMORY_BOUNDS);
    }
    cvm_drop(registers, hand, 1);
    return cvm_continue();
}
