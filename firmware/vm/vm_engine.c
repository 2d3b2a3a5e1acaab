#include "vm_engine.h"

#include <string.h>

#include "vm_dispatcher.h"
#include "vm_stack.h"

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

/*
 * Before instructions are executed: the registers from the state that is visible between steps, and
 * a window that ends at instruction `fence`. At most `budget` steps follow.
 */
static void open_registers(cvm_engine *engine, uint32_t fence, uint32_t budget) {
    const uint8_t *next = cvm_instruction(engine, engine->pc);
    engine->registers.top = &engine->stack[engine->sp];
    engine->registers.base = &engine->stack[engine->frame_base];
    engine->registers.next = next;
    engine->window.fence = cvm_instruction(engine, fence);
    engine->window.slack = (intptr_t)((int64_t)engine->pc + budget - fence) * CVM_INSTRUCTION_SIZE;
    engine->window.steps_end = engine->steps + budget;
}

/* Afterwards: the other way round. */
static void close_registers(cvm_engine *engine, uint64_t steps) {
    engine->sp = (uint32_t)(engine->registers.top - engine->stack);
    engine->frame_base = cvm_frame_base(engine, &engine->registers);
    engine->steps = steps;
    engine->registers = (cvm_registers){0};
    engine->window = (cvm_window){0};
}

/*
 * Carries out the verdict on the last instruction executed, and closes the registers. The only
 * place that moves pc. False when the verdict is an error: then that instruction was no step.
 */
static bool conclude(cvm_engine *engine, HandlerResult result) {
    const cvm_registers *registers = &engine->registers;
    const uint16_t after = cvm_next_pc(engine, registers);
    uint64_t steps = engine->window.steps_end - cvm_budget_left(engine, registers);
    switch (result.action) {
    case CVM_ACTION_CONTINUE:
        engine->pc = after;
        break;
    case CVM_ACTION_JUMP:
        engine->pc = result.jump_address;
        break;
    case CVM_ACTION_HALT:
        engine->pc = (uint16_t)(after - 1U);
        engine->state = CVM_STATE_HALTED;
        break;
    default:
        engine->pc = (uint16_t)(after - 1U);
        (void)cvm_stop_with(engine, result.error);
        steps--;
        break;
    }
    close_registers(engine, steps);
    return result.action != CVM_ACTION_ERROR;
}

cvm_step_result cvm_step_ready(cvm_engine *engine, const VMMemoryOps *memory,
                               const IOController *io) {
    if (!cvm_guards_are_good(engine)) {
        return cvm_stop_with(engine, CVM_ERR_STACK_CORRUPTION);
    }
    if (engine->pc >= engine->instruction_count) {
        return cvm_stop_with(engine, CVM_ERR_INVALID_JUMP);
    }
    if (engine->pc == engine->loop) {
        engine->rounds++;
    }
    const uint32_t word = cvm_fetch(cvm_instruction(engine, engine->pc));
#ifdef CVM_TRACE
    if (engine->trace != NULL) {
        cvm_trace_begin(engine->trace, engine->pc, word);
    }
#endif
    open_registers(engine, engine->pc + 1U, 1);
    engine->registers.next += CVM_INSTRUCTION_SIZE;
    const bool done = conclude(engine, cvm_dispatch(engine, word, cvm_dispatch_table, memory, io));
#ifdef CVM_TRACE
    if (engine->trace != NULL) {
        cvm_trace_end(engine->trace, engine);
    }
#endif
    return done ? CVM_STEP_DONE : CVM_STEP_FAULTED;
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

/*
 * A window from pc on, for a budget of 1..LONGEST_RUN steps: a stretch of instructions that can be
 * executed without a look at rounds or at the program's end, because it has no `loop` instruction
 * but, perhaps, the one at pc.
 */
static void open_window(cvm_engine *engine, uint32_t budget) {
    const uint32_t end = engine->instruction_count;
    const uint32_t loop = engine->loop < end ? engine->loop : end;
    uint32_t first = 0;
    uint32_t fence = loop;
    if (engine->pc >= loop) {
        /* When pc is `loop`, its round has been counted, and a jump back to it must be seen. */
        first = loop + 1U;
        fence = end;
    }
    open_registers(engine, fence, budget);
    engine->window.first = first;
    engine->window.count = fence - first;
    /* Both are volatile: a pause from before isn't forgotten, one from now on empties count. */
    if (engine->pause != 0) {
        engine->window.count = 0;
    }
}

/*
 * Goes on at `target` when nothing but that is to be done: the jump stays in the window, the budget
 * still lasts to the fence, and no pause is asked for (count is 0 then). False when there is more
 * to do.
 */
static inline bool jump_within(cvm_engine *engine, cvm_registers *registers, uint32_t target) {
    cvm_window *window = &engine->window;
    const uint8_t *there = cvm_instruction(engine, target);
    const intptr_t slack = window->slack + ((intptr_t)there - (intptr_t)registers->next);
    if (target - window->first >= window->count || slack < 0) {
        return false;
    }
    registers->next = there;
    window->slack = slack;
    return true;
}

/* What calls through the table need, besides the engine. */
typedef struct run_context {
    const cvm_handler *table;
    const VMMemoryOps *memory;
    const IOController *io;
} run_context;

#ifdef CVM_DISPATCH_SWITCH

/* The bodies of all handlers, in the place of calls through the table. */
static CVM_INLINE HandlerResult execute(cvm_engine *engine, cvm_registers *registers, uint32_t word,
                                        const run_context *context) {
    (void)context;
    switch (word & 0xFFU) {
#define CVM_CASE(code, NAME, name)                                                                 \
    case (code):                                                                                   \
        return cvm_on_##name(engine, registers, (uint8_t)(word >> 8), (uint16_t)(word >> 16),      \
                             engine->memory, engine->io);
        CVM_OPCODES(CVM_CASE)
#undef CVM_CASE
    default:
        return cvm_fault(CVM_ERR_INVALID_OPCODE);
    }
}

#else

static CVM_INLINE HandlerResult execute(cvm_engine *engine, CVM_UNUSED cvm_registers *registers,
                                        uint32_t word, const run_context *context) {
    return cvm_dispatch(engine, word, context->table, context->memory, context->io);
}

#endif

/*
 * Executes instructions until one is to be judged that doesn't just go on: the end of the budget or
 * of the stretch, a jump out of it, a pause, HALT or a fault. The verdict on the last one;
 * registers->next is the instruction after it.
 */
static CVM_INLINE HandlerResult run_stretch(cvm_engine *engine, cvm_registers *registers,
                                            const run_context *context) {
    const uint8_t *next = registers->next;
    const intptr_t slack = engine->window.slack;
    const uint8_t *stop = engine->window.fence + (slack < 0 ? slack : 0);
    for (;;) {
        const uint32_t word = cvm_fetch(next);
        next += CVM_INSTRUCTION_SIZE;
        registers->next = next;
        if (!cvm_guards_are_good(engine)) {
            return cvm_fault(CVM_ERR_STACK_CORRUPTION);
        }
        const HandlerResult result = execute(engine, registers, word, context);
        if (CVM_LIKELY(result.bits == CVM_ACTION_BITS(CVM_ACTION_CONTINUE))) {
            if (CVM_LIKELY(next != stop)) {
                continue;
            }
            return result;
        }
        if (result.bits >= CVM_ACTION_BITS(CVM_ACTION_JUMP + 1) ||
            !jump_within(engine, registers, result.jump_address)) {
            return result;
        }
        next = registers->next;
        stop = engine->window.fence;
    }
}

/* run_stretch as a function with few variables, so that they fit the processor's registers. */
#ifdef CVM_DISPATCH_SWITCH
static CVM_APART HandlerResult run(cvm_engine *engine) {
    /* No handler's body hands out the address of its registers, so that the compiler can keep these
     * in the processor's. */
    cvm_registers local = engine->registers;
    const run_context unused = {0};
    const HandlerResult result = run_stretch(engine, &local, &unused);
    engine->registers = local;
    return result;
}
#define RUN(engine) run(engine)
#else
static CVM_APART HandlerResult run(cvm_engine *engine, const cvm_handler *table,
                                   const VMMemoryOps *memory, const IOController *io) {
    const run_context context = {.table = table, .memory = memory, .io = io};
    return run_stretch(engine, &engine->registers, &context);
}
#define RUN(engine) run((engine), cvm_dispatch_table, (engine)->memory, (engine)->io)
#endif

/* The most steps for which cvm_window.slack, in bytes, can't overflow on a 32-bit machine. */
enum { LONGEST_RUN = 0x10000000 };

#ifdef CVM_TRACE
static bool is_traced(const cvm_engine *engine) {
    return engine->trace != NULL;
}
#else
static bool is_traced(const cvm_engine *engine) {
    (void)engine;
    return false;
}
#endif

/* Executes at least one instruction, unless it faults, and at most `most` of them; the number. */
static uint32_t run_some(cvm_engine *engine, uint32_t most) {
    if (is_traced(engine) || !cvm_guards_are_good(engine) ||
        engine->pc >= engine->instruction_count) {
        return cvm_step_ready(engine, engine->memory, engine->io) == CVM_STEP_DONE ? 1 : 0;
    }
    if (engine->pc == engine->loop) {
        engine->rounds++;
    }
    const uint64_t before = engine->steps;
    open_window(engine, most < LONGEST_RUN ? most : LONGEST_RUN);
    (void)conclude(engine, RUN(engine));
    return (uint32_t)(engine->steps - before);
}

cvm_run_result cvm_run(cvm_engine *engine, uint32_t max_steps, uint32_t max_rounds) {
    uint32_t left = max_steps;
    while (engine->state == CVM_STATE_READY) {
        if (engine->pause != 0) {
            engine->pause = 0;
            return CVM_RUN_PAUSED;
        }
        if (left == 0) {
            return CVM_RUN_STEPS;
        }
        if (is_last_round(engine, max_rounds)) {
            return CVM_RUN_LOOPS;
        }
        left -= run_some(engine, left);
    }
    if (engine->state == CVM_STATE_EMPTY && left > 0) {
        (void)cvm_step_stopped(engine);
    }
    return engine->state == CVM_STATE_HALTED ? CVM_RUN_HALTED : CVM_RUN_FAULT;
}

void cvm_pause(cvm_engine *engine) {
    engine->pause = 1;
    engine->window.count = 0;
}

uint32_t cvm_instruction_at(const cvm_engine *engine, uint16_t index) {
    return cvm_fetch(cvm_instruction(engine, index));
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
