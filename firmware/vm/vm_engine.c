#include "vm_engine.h"

#include <string.h>

#include "vm_dispatcher.h"

void cvm_engine_init(cvm_engine *engine, const VMMemoryOps *memory, const IOController *io) {
    memset(engine, 0, sizeof *engine);
    engine->memory = memory;
    engine->io = io;
    cvm_engine_unload(engine);
}

void cvm_engine_load(cvm_engine *engine, const cvm_image *image) {
    engine->code = image->code;
    engine->strings = image->strings;
    engine->instruction_count = image->instruction_count;
    engine->string_count = image->string_count;
    engine->entry = image->entry;
    engine->loop = image->loop;
    cvm_engine_reset(engine);
}

void cvm_engine_unload(cvm_engine *engine) {
    engine->code = NULL;
    engine->strings = NULL;
    engine->instruction_count = 0;
    engine->string_count = 0;
    engine->entry = 0;
    engine->loop = CVM_NO_LOOP;
    cvm_engine_reset(engine);
}

void cvm_engine_reset(cvm_engine *engine) {
    engine->sp = 0;
    engine->frame_base = 0;
    engine->depth = 0;
    engine->pc = engine->entry;
    engine->steps = 0;
    engine->rounds = 0;
    engine->error = CVM_ERR_NONE;
    engine->pause = 0;
    engine->state = engine->code == NULL ? CVM_STATE_EMPTY : CVM_STATE_READY;
    memset(engine->stack, 0, sizeof engine->stack);
    memset(engine->frames, 0, sizeof engine->frames);
    engine->guard_low = CVM_GUARD;
    engine->guard_middle = CVM_GUARD;
    engine->guard_high = CVM_GUARD;
}

cvm_step_result cvm_step(cvm_engine *engine) {
    if (engine->state != CVM_STATE_READY) {
        return cvm_step_stopped(engine);
    }
    return cvm_step_ready(engine, engine->memory, engine->io);
}

static bool is_last_round(const cvm_engine *engine, uint32_t max_rounds) {
    return max_rounds != 0 && engine->rounds >= max_rounds && cvm_at_round(engine);
}

cvm_run_result cvm_run(cvm_engine *engine, uint32_t max_steps, uint32_t max_rounds) {
    const VMMemoryOps *memory = engine->memory;
    const IOController *io = engine->io;
    uint32_t left = max_steps;
    while (engine->state == CVM_STATE_READY) {
        if (engine->pause != 0) {
            engine->pause = 0;
            return CVM_RUN_PAUSED;
        }
        if (left == 0) {
            return CVM_RUN_STEPS;
        }
        if (engine->pc == engine->loop && is_last_round(engine, max_rounds)) {
            return CVM_RUN_LOOPS;
        }
        (void)cvm_step_ready(engine, memory, io);
        left--;
    }
    if (engine->state == CVM_STATE_EMPTY && left > 0) {
        (void)cvm_step_stopped(engine);
    }
    return engine->state == CVM_STATE_HALTED ? CVM_RUN_HALTED : CVM_RUN_FAULT;
}

void cvm_pause(cvm_engine *engine) {
    engine->pause = 1;
}

uint32_t cvm_instruction_at(const cvm_engine *engine, uint16_t index) {
    return cvm_fetch(engine, index);
}

static uint32_t string_offset(const cvm_engine *engine, uint32_t index) {
    const uint8_t *entry = &engine->strings[2U * index];
    return (uint32_t)entry[0] | ((uint32_t)entry[1] << 8);
}

bool cvm_string_at(const cvm_engine *engine, uint16_t id, const uint8_t **bytes, uint8_t *length) {
    if (id >= engine->string_count) {
        return false;
    }
    const uint32_t start = string_offset(engine, id);
    const uint32_t table_size = 2U * (engine->string_count + 1U);
    *bytes = &engine->strings[table_size + start];
    *length = (uint8_t)(string_offset(engine, id + 1U) - start);
    return true;
}
