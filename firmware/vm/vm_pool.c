#include "vm_pool.h"

static VMMemoryContext contexts[CVM_POOL_SIZE];
static bool taken[CVM_POOL_SIZE];

void cvm_secure_clear(void *bytes, size_t size) {
    volatile uint8_t *out = bytes;
    for (size_t i = 0; i < size; i++) {
        out[i] = 0;
    }
}

VMMemoryContext *cvm_pool_acquire(uint8_t id) {
    if (id >= CVM_POOL_SIZE || taken[id]) {
        return NULL;
    }
    taken[id] = true;
    cvm_memory_clear(&contexts[id]);
    return &contexts[id];
}

void cvm_pool_release(uint8_t id) {
    if (id >= CVM_POOL_SIZE || !taken[id]) {
        return;
    }
    cvm_secure_clear(&contexts[id], sizeof contexts[id]);
    taken[id] = false;
}

bool cvm_pool_is_taken(uint8_t id) {
    return id < CVM_POOL_SIZE && taken[id];
}
