#include "vm_trace.h"

#ifdef CVM_TRACE

#include <string.h>

#include "vm_dispatcher.h"
#include "vm_recorder.h"

static int32_t top_of_stack(const cvm_engine *engine) {
    return engine->sp == 0 ? 0 : engine->stack[engine->sp - 1U];
}

/* Completes the effect of an executed instruction whose memory operations and io were recorded. */
static void take_note(const cvm_engine *engine, cvm_effect_record *effect, uint32_t word) {
    if ((word & 0xFFU) == CVM_OP_STORE_LOCAL) {
        const uint32_t place = engine->frame_base + (word >> 16);
        effect->kind = CVM_EFFECT_STORE;
        effect->address = (uint16_t)(CVM_STORE_LOCAL + place);
        effect->value = engine->stack[place];
    } else if (cvm_recording.where == 0) {
        effect->value = top_of_stack(engine);
    } else {
        effect->kind = (uint8_t)(cvm_recording.where >> 24);
        effect->address = (uint16_t)cvm_recording.where;
        effect->value = cvm_recording.value;
        effect->text_length = cvm_recording.text_length;
    }
}

static cvm_step_result step_recorded(cvm_engine *engine, cvm_effect_record *effect) {
    const bool fetches = engine->pc < engine->instruction_count;
    const uint32_t word = fetches ? cvm_fetch(cvm_instruction(engine, engine->pc)) : 0;
    effect->opcode = (uint8_t)(word & 0xFFU);
    cvm_recording_begin(engine->memory, engine->io, effect->text);
    const cvm_step_result result = cvm_step_ready(engine, &cvm_recording_memory, &cvm_recording_io);
    if (result == CVM_STEP_DONE) {
        take_note(engine, effect, word);
    }
    return result;
}

cvm_step_result cvm_step_effect(cvm_engine *engine, cvm_effect_record *effect) {
    if (engine->state == CVM_STATE_HALTED || engine->state == CVM_STATE_FAULTED) {
        return CVM_STEP_IDLE;
    }
    effect->pc = engine->pc;
    effect->opcode = 0;
    effect->kind = CVM_EFFECT_TOP;
    effect->address = 0;
    effect->value = 0;
    effect->text_length = 0;
    const cvm_step_result result =
        engine->state == CVM_STATE_READY ? step_recorded(engine, effect) : cvm_step_stopped(engine);
    effect->sp = (uint8_t)engine->sp;
    if (result == CVM_STEP_FAULTED) {
        effect->kind = CVM_EFFECT_ERROR;
        effect->value = engine->error;
    }
    return result;
}

void cvm_trace_attach(cvm_engine *engine, cvm_trace *trace, ExecutionTrace *ring, uint32_t capacity,
                      cvm_trace_clock clock, void *clock_context) {
    memset(trace, 0, sizeof *trace);
    trace->ring = ring;
    trace->capacity = capacity;
    trace->clock = clock;
    trace->clock_context = clock_context;
    engine->trace = trace;
}

void cvm_trace_detach(cvm_engine *engine) {
    engine->trace = NULL;
}

void cvm_trace_begin(cvm_trace *trace, uint32_t pc, uint32_t word) {
    trace->ring[trace->next] =
        (ExecutionTrace){.pc = pc,
                         .timestamp = trace->clock == NULL ? 0 : trace->clock(trace->clock_context),
                         .immediate = (uint16_t)(word >> 16),
                         .opcode = (uint8_t)(word & 0xFFU),
                         .error = CVM_ERR_NONE};
}

static bool is_control_flow(uint8_t opcode) {
    return (opcode & 0xF0U) == 0x30U || opcode == CVM_OP_CALL || opcode == CVM_OP_RET;
}

static void count(ExecutionMetrics *metrics, uint8_t opcode, uint32_t depth) {
    metrics->total_instructions++;
    metrics->memory_operations += (opcode & 0xF0U) == 0x50U;
    metrics->io_operations += (opcode & 0xF0U) == 0x10U;
    metrics->control_flow += is_control_flow(opcode);
    if (depth > metrics->max_stack_depth) {
        metrics->max_stack_depth = depth;
    }
}

void cvm_trace_end(cvm_trace *trace, const cvm_engine *engine) {
    ExecutionTrace *entry = &trace->ring[trace->next];
    entry->error = engine->error;
    if (engine->error == CVM_ERR_NONE) {
        count(&trace->metrics, entry->opcode, engine->sp);
    }
    trace->next = trace->next + 1U == trace->capacity ? 0 : trace->next + 1U;
    trace->count++;
}

const ExecutionTrace *cvm_trace_entry(const cvm_trace *trace, uint32_t age) {
    const uint32_t held = trace->count < trace->capacity ? trace->count : trace->capacity;
    if (age >= held) {
        return NULL;
    }
    const uint32_t back = age + 1U;
    return &trace->ring[trace->next >= back ? trace->next - back
                                            : trace->next + trace->capacity - back];
}

#else

/* ISO C has no empty translation unit. */
typedef int cvm_trace_is_left_out;

#endif
