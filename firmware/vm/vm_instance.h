/*
 * One VM put together: an engine, the memory operations, and its context from the pool.
 */
#ifndef CVM_INSTANCE_H
#define CVM_INSTANCE_H

#include "vm_engine.h"
#include "vm_pool.h"

typedef struct cvm_instance {
    cvm_engine engine;
    VMMemoryOps memory; /* memory.context is the VM's VMMemoryContext */
} cvm_instance;

/* Bytes that one VM takes: its instance, its context in the pool and the pool's mark that it is
 * taken. */
#define CVM_BYTES_PER_VM (sizeof(cvm_instance) + sizeof(VMMemoryContext) + sizeof(bool))

/* The product's budget, for the 32-bit parts it is for; a 64-bit host's pointers are larger. */
_Static_assert(sizeof(void *) > 4 || CVM_POOL_SIZE * CVM_BYTES_PER_VM < 20480,
               "four VMs must take less than 20,480 bytes");

/* Takes context `id` from the pool and makes an empty VM on it; io is borrowed. False when id is
 * bad or taken. */
bool cvm_instance_open(cvm_instance *instance, uint8_t id, const IOController *io);

/* Gives the context of an open instance back, cleared, and forgets the program. `id` as given to
 * open. */
void cvm_instance_close(cvm_instance *instance, uint8_t id);

/* The VM's memory, for reading. */
const VMMemoryContext *cvm_instance_memory(const cvm_instance *instance);

/* Takes a program (its image is borrowed) and clears everything of this VM. */
void cvm_instance_load(cvm_instance *instance, const cvm_image *image);

/* Forgets the program and clears everything of this VM. */
void cvm_instance_unload(cvm_instance *instance);

/* Keeps the program and clears everything else of this VM. */
void cvm_instance_reset(cvm_instance *instance);

/*
 * Copies bytes offset..offset+length-1 of the call frames as pairs {u32 return pc, u32 frame base},
 * little-endian, all 24 of them (192 bytes; unused ones are 0). False when the range goes beyond.
 */
bool cvm_frames_copy(const cvm_engine *engine, uint32_t offset, uint32_t length, uint8_t *out);

#endif
