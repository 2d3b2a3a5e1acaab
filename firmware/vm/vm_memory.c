#include "vm_memory.h"

#include <string.h>

static bool load_global(void *context, uint16_t id, int32_t *out) {
    return context != NULL && out != NULL && cvm_load_global(context, id, out);
}

static bool store_global(void *context, uint16_t id, int32_t value) {
    return context != NULL && cvm_store_global(context, id, value);
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

static bool load_array(void *context, uint16_t id, uint32_t index, int32_t *out) {
    return context != NULL && out != NULL && cvm_load_array(context, id, index, out);
}

static bool store_array(void *context, uint16_t id, uint32_t index, int32_t value) {
    return context != NULL && cvm_store_array(context, id, index, value);
}

VMMemoryOps cvm_memory_ops(VMMemoryContext *context) {
    return (VMMemoryOps){.load_global = load_global,
                         .store_global = store_global,
                         .create_array = create_array,
                         .load_array = load_array,
                         .store_array = store_array,
                         .context = context};
}

VMMemoryContext *cvm_memory_direct(const VMMemoryOps *ops) {
    const bool own = ops->load_global == load_global && ops->store_global == store_global &&
                     ops->create_array == create_array && ops->load_array == load_array &&
                     ops->store_array == store_array;
    return own ? ops->context : NULL;
}

void cvm_memory_clear(VMMemoryContext *context) {
    memset(context, 0, sizeof *context);
}
