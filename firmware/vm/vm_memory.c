#include "vm_memory.h"

#include <string.h>

static bool load_global(void *context, uint16_t id, int32_t *out) {
    const VMMemoryContext *memory = context;
    if (memory == NULL || out == NULL || id >= CVM_GLOBAL_COUNT) {
        return false;
    }
    *out = memory->globals[id];
    return true;
}

static bool store_global(void *context, uint16_t id, int32_t value) {
    VMMemoryContext *memory = context;
    if (memory == NULL || id >= CVM_GLOBAL_COUNT) {
        return false;
    }
    memory->globals[id] = value;
    if (id >= memory->global_count) {
        memory->global_count = (uint8_t)(id + 1U);
    }
    return true;
}

static bool create_array(void *context, uint16_t id, uint32_t size) {
    VMMemoryContext *memory = context;
    if (memory == NULL || id >= CVM_ARRAY_COUNT || memory->array_active[id] != 0) {
        return false;
    }
    if (size < 1 || size > CVM_ARRAY_LENGTH) {
        return false;
    }
    memset(memory->arrays[id], 0, sizeof memory->arrays[id]);
    memory->array_active[id] = (uint8_t)size;
    return true;
}

/* Whether there is an element `index` of array `id`. A length of 0, inactive, has none. */
static bool has_element(const VMMemoryContext *memory, uint16_t id, uint32_t index) {
    return memory != NULL && id < CVM_ARRAY_COUNT && index < memory->array_active[id];
}

static bool load_array(void *context, uint16_t id, uint32_t index, int32_t *out) {
    const VMMemoryContext *memory = context;
    if (out == NULL || !has_element(memory, id, index)) {
        return false;
    }
    *out = memory->arrays[id][index];
    return true;
}

static bool store_array(void *context, uint16_t id, uint32_t index, int32_t value) {
    VMMemoryContext *memory = context;
    if (!has_element(memory, id, index)) {
        return false;
    }
    memory->arrays[id][index] = value;
    return true;
}

VMMemoryOps cvm_memory_ops(VMMemoryContext *context) {
    return (VMMemoryOps){.load_global = load_global,
                         .store_global = store_global,
                         .create_array = create_array,
                         .load_array = load_array,
                         .store_array = store_array,
                         .context = context};
}

void cvm_memory_clear(VMMemoryContext *context) {
    memset(context, 0, sizeof *context);
}
