/*
 * Watching an engine from inside. Exists only in builds with CVM_TRACE; the release firmware has
 * none of it.
 *
 * Effects: what one step changed, as docs/wire.md sends it. Trace and metrics: a ring of the last
 * instructions and totals.
 */
#ifndef CVM_TRACE_H
#define CVM_TRACE_H

#ifdef CVM_TRACE

#include "vm_engine.h"

/* What one step changed. */
typedef struct cvm_effect_record {
    uint16_t pc; /* of the instruction executed, or that failed; the program's length when pc ran
                    off the end */
    uint16_t
        address;    /* STORE: CVM_STORE_* + index; INPUT, OUTPUT, PRINT: CVM_PORT_* + id; else 0 */
    int32_t value;  /* TOP: top of the whole operand stack, 0 when empty; STORE, INPUT, OUTPUT: what
                       was written or read;  ERROR: the error code; PRINT: 0 */
    uint8_t opcode; /* 0 when there was no instruction: no program, or pc ran off the end */
    uint8_t sp;     /* values on the whole operand stack after the step, 0..128 */
    uint8_t kind;   /* enum cvm_effect */
    uint8_t text_length; /* PRINT: bytes in text; else 0 */
    uint8_t text[CVM_PRINT_LENGTH];
} cvm_effect_record;

/*
 * cvm_step, and what it did. *effect is filled when the result is CVM_STEP_DONE or
 * CVM_STEP_FAULTED; untouched on CVM_STEP_IDLE. text beyond text_length is not set.
 */
cvm_step_result cvm_step_effect(cvm_engine *engine, cvm_effect_record *effect);

/* One instruction in the ring. */
typedef struct ExecutionTrace {
    uint32_t pc;
    uint32_t timestamp; /* microseconds of the trace's clock when the instruction began */
    uint16_t immediate;
    uint8_t opcode;
    uint8_t error; /* enum cvm_error; 0 unless it faulted */
} ExecutionTrace;

/* Totals since cvm_trace_attach. Faulting instructions are not counted. */
typedef struct ExecutionMetrics {
    uint32_t total_instructions;
    uint32_t memory_operations; /* opcodes 0x50-0x5F */
    uint32_t io_operations;     /* opcodes 0x10-0x1F */
    uint32_t control_flow;      /* opcodes 0x30-0x3F, CALL, RET */
    uint32_t max_stack_depth;   /* values on the whole operand stack */
} ExecutionMetrics;

/* Microseconds, for ExecutionTrace.timestamp. */
typedef uint32_t (*cvm_trace_clock)(void *context);

/* A ring of the last instructions. The caller owns it and `ring`. */
typedef struct cvm_trace {
    ExecutionTrace *ring;
    uint32_t capacity; /* entries in ring, > 0 */
    uint32_t count;    /* entries written since attach, modulo 2^32; the newest is ring[next - 1] */
    uint32_t next;     /* index that is written next */
    ExecutionMetrics metrics;
    cvm_trace_clock clock;
    void *clock_context;
} cvm_trace;

/* Begins recording into `trace`, which is borrowed until detached. clock may be NULL: timestamps
 * are 0 then. */
void cvm_trace_attach(cvm_engine *engine, cvm_trace *trace, ExecutionTrace *ring, uint32_t capacity,
                      cvm_trace_clock clock, void *clock_context);

/* Ends recording; the trace keeps what it has. */
void cvm_trace_detach(cvm_engine *engine);

/* For the dispatcher: enters the instruction about to be executed, and what became of it. */
void cvm_trace_begin(cvm_trace *trace, uint32_t pc, uint32_t word);
void cvm_trace_end(cvm_trace *trace, const cvm_engine *engine);

/* The `age`th newest entry, 0 = newest; NULL when there is none that old. */
const ExecutionTrace *cvm_trace_entry(const cvm_trace *trace, uint32_t age);

#endif
#endif
