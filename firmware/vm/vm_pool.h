/*
 * The static pool of memory contexts: one for each VM id (enum cvm_vm), 0..3. Not safe against
 * interrupts: call it from one thread of control.
 */
#ifndef CVM_POOL_H
#define CVM_POOL_H

#include "vm_memory.h"

/* The context of VM `id`, zeroed and now taken; NULL when id is not 0..3 or the context is taken
 * already. */
VMMemoryContext *cvm_pool_acquire(uint8_t id);

/* Zeroes the context so that nothing of the program remains, then frees it. A bad id or a free
 * context is ignored. */
void cvm_pool_release(uint8_t id);

/* Whether VM `id` is taken now. */
bool cvm_pool_is_taken(uint8_t id);

/* Zeroes `size` bytes with stores that the compiler may not drop, although nothing reads them
 * afterwards. */
void cvm_secure_clear(void *bytes, size_t size);

#endif
