#include "vm_instance.h"

bool cvm_instance_open(cvm_instance *instance, uint8_t id, const IOController *io) {
    VMMemoryContext *context = cvm_pool_acquire(id);
    if (context == NULL) {
        return false;
    }
    instance->memory = cvm_memory_ops(context);
    cvm_engine_init(&instance->engine, &instance->memory, io);
    return true;
}

void cvm_instance_close(cvm_instance *instance, uint8_t id) {
    cvm_engine_unload(&instance->engine);
    instance->memory = cvm_memory_ops(NULL);
    cvm_pool_release(id);
}

const VMMemoryContext *cvm_instance_memory(const cvm_instance *instance) {
    return instance->memory.context;
}

static void clear_memory(cvm_instance *instance) {
    if (instance->memory.context != NULL) {
        cvm_memory_clear(instance->memory.context);
    }
}

void cvm_instance_load(cvm_instance *instance, const cvm_image *image) {
    clear_memory(instance);
    cvm_engine_load(&instance->engine, image);
}

void cvm_instance_unload(cvm_instance *instance) {
    clear_memory(instance);
    cvm_engine_unload(&instance->engine);
}

void cvm_instance_reset(cvm_instance *instance) {
    clear_memory(instance);
    cvm_engine_reset(&instance->engine);
}

enum { FRAME_SIZE = 8 };

/* Byte `offset` of the frames as docs/wire.md shows them. */
static uint8_t frame_byte(const cvm_engine *engine, uint32_t offset) {
    const uint32_t index = offset / FRAME_SIZE;
    if (index >= engine->depth) {
        return 0;
    }
    const cvm_frame *frame = &engine->frames[index];
    const uint32_t word = offset % FRAME_SIZE < 4 ? frame->return_pc : frame->frame_base;
    return (uint8_t)(word >> (8U * (offset % 4U)));
}

bool cvm_frames_copy(const cvm_engine *engine, uint32_t offset, uint32_t length, uint8_t *out) {
    const uint32_t size = CVM_CALL_DEPTH * FRAME_SIZE;
    if (offset > size || length > size - offset) {
        return false;
    }
    for (uint32_t i = 0; i < length; i++) {
        out[i] = frame_byte(engine, offset + i);
    }
    return true;
}
