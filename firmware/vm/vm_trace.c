#include "vm_trace.h"

#ifdef CVM_TRACE

#include <string.h>

#include "vm_dispatcher.h"

/*
 * The recorder: memory operations and an io controller that pass everything on to the real ones and
 * note in the effect what succeeded.
 */
typedef struct recorder {
    const VMMemoryOps *memory;
    const IOController *io;
    cvm_effect_record *effect;
} recorder;

static void note(const recorder *self, uint8_t kind, uint32_t address, int32_t value) {
    self->effect->kind = kind;
    self->effect->address = (uint16_t)address;
    self->effect->value = value;
}

static uint8_t note_unless(uint8_t error, const recorder *self, uint8_t kind, uint32_t address,
                           int32_t value) {
    if (error == CVM_ERR_NONE) {
        note(self, kind, address, value);
    }
    return error;
}

static bool load_global(void *context, uint16_t id, int32_t *out) {
    const recorder *self = context;
    return self->memory->load_global(self->memory->context, id, out);
}

static bool store_global(void *context, uint16_t id, int32_t value) {
    const recorder *self = context;
    if (!self->memory->store_global(self->memory->context, id, value)) {
        return false;
    }
    note(self, CVM_EFFECT_STORE, CVM_STORE_GLOBAL + (uint32_t)id, value);
    return true;
}

static bool create_array(void *context, uint16_t id, uint32_t size) {
    const recorder *self = context;
    if (!self->memory->create_array(self->memory->context, id, size)) {
        return false;
    }
    note(self, CVM_EFFECT_STORE, CVM_STORE_CREATE + (uint32_t)id, cvm_signed(size));
    return true;
}

static bool load_array(void *context, uint16_t id, uint32_t index, int32_t *out) {
    const recorder *self = context;
    return self->memory->load_array(self->memory->context, id, index, out);
}

static bool store_array(void *context, uint16_t id, uint32_t index, int32_t value) {
    const recorder *self = context;
    if (!self->memory->store_array(self->memory->context, id, index, value)) {
        return false;
    }
    const uint32_t element = (uint32_t)id * CVM_ARRAY_LENGTH + index;
    note(self, CVM_EFFECT_STORE, CVM_STORE_ARRAY + element, value);
    return true;
}

static uint8_t pin_mode(void *context, int32_t pin, uint8_t mode) {
    const recorder *self = context;
    return note_unless(self->io->pin_mode(self->io->context, pin, mode), self, CVM_EFFECT_OUTPUT,
                       CVM_PORT_PIN_MODE + (uint32_t)pin, mode);
}

static uint8_t digital_write(void *context, int32_t pin, uint8_t level) {
    const recorder *self = context;
    return note_unless(self->io->digital_write(self->io->context, pin, level), self,
                       CVM_EFFECT_OUTPUT, CVM_PORT_DIGITAL + (uint32_t)pin, level);
}

static uint8_t digital_read(void *context, int32_t pin, uint8_t *out) {
    const recorder *self = context;
    const uint8_t error = self->io->digital_read(self->io->context, pin, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_DIGITAL + (uint32_t)pin, *out);
}

static uint8_t analog_write(void *context, int32_t pin, uint8_t value) {
    const recorder *self = context;
    return note_unless(self->io->analog_write(self->io->context, pin, value), self,
                       CVM_EFFECT_OUTPUT, CVM_PORT_ANALOG + (uint32_t)pin, value);
}

static uint8_t analog_read(void *context, int32_t pin, uint16_t *out) {
    const recorder *self = context;
    const uint8_t error = self->io->analog_read(self->io->context, pin, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_ANALOG + (uint32_t)pin, *out);
}

static uint8_t button(void *context, int32_t id, uint8_t *out) {
    const recorder *self = context;
    const uint8_t error = self->io->button(self->io->context, id, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_BUTTON + (uint32_t)id, *out);
}

static uint8_t delay(void *context, uint32_t ms) {
    const recorder *self = context;
    return note_unless(self->io->delay(self->io->context, ms), self, CVM_EFFECT_OUTPUT,
                       CVM_PORT_DELAY, cvm_signed(ms));
}

static uint8_t millis(void *context, uint32_t *out) {
    const recorder *self = context;
    const uint8_t error = self->io->millis(self->io->context, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_MILLIS, cvm_signed(*out));
}

static uint8_t micros(void *context, uint32_t *out) {
    const recorder *self = context;
    const uint8_t error = self->io->micros(self->io->context, out);
    return note_unless(error, self, CVM_EFFECT_INPUT, CVM_PORT_MICROS, cvm_signed(*out));
}

static uint8_t print(void *context, const uint8_t *bytes, uint8_t length) {
    const recorder *self = context;
    const uint8_t error = self->io->print(self->io->context, bytes, length);
    if (error == CVM_ERR_NONE) {
        note(self, CVM_EFFECT_PRINT, CVM_PORT_PRINT, 0);
        self->effect->text_length = length;
        memcpy(self->effect->text, bytes, length);
    }
    return error;
}

static int32_t top_of_stack(const cvm_engine *engine) {
    return engine->sp == 0 ? 0 : engine->stack[engine->sp - 1U];
}

/* Completes the effect of an executed instruction whose memory operations and io have been noted.
 */
static void note_stack(const cvm_engine *engine, const recorder *self, uint32_t word) {
    if ((word & 0xFFU) == CVM_OP_STORE_LOCAL) {
        const uint32_t place = engine->frame_base + (word >> 16);
        note(self, CVM_EFFECT_STORE, CVM_STORE_LOCAL + place, engine->stack[place]);
    } else if (self->effect->kind == CVM_EFFECT_TOP) {
        self->effect->value = top_of_stack(engine);
    }
}

static cvm_step_result step_recorded(cvm_engine *engine, cvm_effect_record *effect) {
    recorder self = {.memory = engine->memory, .io = engine->io, .effect = effect};
    const VMMemoryOps memory = {.load_global = load_global,
                                .store_global = store_global,
                                .create_array = create_array,
                                .load_array = load_array,
                                .store_array = store_array,
                                .context = &self};
    const IOController io = {.pin_mode = pin_mode,
                             .digital_write = digital_write,
                             .digital_read = digital_read,
                             .analog_write = analog_write,
                             .analog_read = analog_read,
                             .button = button,
                             .delay = delay,
                             .millis = millis,
                             .micros = micros,
                             .print = print,
                             .context = &self};
    const bool fetches = engine->pc < engine->instruction_count;
    const uint32_t word = fetches ? cvm_fetch(cvm_instruction(engine, engine->pc)) : 0;
    effect->opcode = (uint8_t)(word & 0xFFU);
    const cvm_step_result result = cvm_step_ready(engine, &memory, &io);
    if (result == CVM_STEP_DONE) {
        note_stack(engine, &self, word);
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
        effect->address = 0;
        effect->value = engine->error;
        effect->text_length = 0;
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
