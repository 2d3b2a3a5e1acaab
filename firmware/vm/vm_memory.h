/*
 * Memory of one VM, and the five operations that are the only way to it.
 */
#ifndef CVM_MEMORY_H
#define CVM_MEMORY_H

#include "vm_types.h"

/* Globals and arrays of one VM. Owned by the static pool (vm_pool.h). */
typedef struct VMMemoryContext {
    int32_t globals[CVM_GLOBAL_COUNT];
    int32_t arrays[CVM_ARRAY_COUNT][CVM_ARRAY_LENGTH];
    uint8_t global_count;                  /* highest id stored to, plus 1; 0..64 */
    uint8_t array_active[CVM_ARRAY_COUNT]; /* declared length, 1..64; 0 = not
                                              created */
} VMMemoryContext;

_Static_assert(sizeof(VMMemoryContext) == 4372, "VMMemoryContext must be 4,372 bytes");
_Static_assert(offsetof(VMMemoryContext, arrays) == 256, "arrays follow the globals");
_Static_assert(offsetof(VMMemoryContext, global_count) == 4352, "no padding inside");

/*
 * Access to one VM's memory. Each function returns false, and changes nothing, when an id or index
 * is out of bounds, an array is not active (create_array: is active already), or context or out is
 * NULL. ids and indices arrive unchecked.
 */
struct VMMemoryOps {
    bool (*load_global)(void *context, uint16_t id, int32_t *out);
    bool (*store_global)(void *context, uint16_t id, int32_t value);
    /* size: 1..64 elements, all set to 0 */
    bool (*create_array)(void *context, uint16_t id, uint32_t size);
    bool (*load_array)(void *context, uint16_t id, uint32_t index, int32_t *out);
    bool (*store_array)(void *context, uint16_t id, uint32_t index, int32_t value);
    void *context; /* borrowed; handed to each of the functions */
};

/* Operations on `context`, which they borrow. context may be NULL: then every operation returns
 * false. */
VMMemoryOps cvm_memory_ops(VMMemoryContext *context);

/* The context of operations that cvm_memory_ops gave; NULL for any other. */
VMMemoryContext *cvm_memory_direct(const VMMemoryOps *ops);

/* Sets everything to 0: no globals stored, no arrays. For load and reset; see cvm_secure_clear for
 * giving memory back. */
void cvm_memory_clear(VMMemoryContext *context);

/*
 * What load and store do, for whoever knows the context: the operations themselves, and the
 * handlers where window.direct says that these are what they would call.
 */
static CVM_INLINE bool cvm_load_global(const VMMemoryContext *memory, uint16_t id, int32_t *out) {
    if (id >= CVM_GLOBAL_COUNT) {
        return false;
    }
    *out = memory->globals[id];
    return true;
}

static CVM_INLINE bool cvm_store_global(VMMemoryContext *memory, uint16_t id, int32_t value) {
    if (id >= CVM_GLOBAL_COUNT) {
        return false;
    }
    memory->globals[id] = value;
    if (id >= memory->global_count) {
        memory->global_count = (uint8_t)(id + 1U);
    }
    return true;
}

/* Whether there is an element `index` of array `id`. A length of 0, inactive, has none. */
static CVM_INLINE bool cvm_has_element(const VMMemoryContext *memory, uint16_t id, uint32_t index) {
    return id < CVM_ARRAY_COUNT && index < memory->array_active[id];
}

static CVM_INLINE bool cvm_load_array(const VMMemoryContext *memory, uint16_t id, uint32_t index,
                                      int32_t *out) {
    if (!cvm_has_element(memory, id, index)) {
        return false;
    }
    *out = memory->arrays[id][index];
    return true;
}

static CVM_INLINE bool cvm_store_array(VMMemoryContext *memory, uint16_t id, uint32_t index,
                                       int32_t value) {
    if (!cvm_has_element(memory, id, index)) {
        return false;
    }
    memory->arrays[id][index] = value;
    return true;
}

#endif
