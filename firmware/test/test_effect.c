/* Effects: what one step says that it changed. Trace ring and metrics. */
#include "rig.h"
#include "vm_trace.h"

/* Puts one instruction where pc is and executes it with its effect, which must be these values. */
static cvm_effect_record step(rig *self, uint32_t word) {
    PROGRAM(self, 0); /* HALT at 0 in any case */
    for (size_t byte = 0; byte < 4; byte++) {
        self->code[4U * self->engine.pc + byte] = (uint8_t)(word >> (8 * byte));
    }
    cvm_effect_record effect;
    memset(&effect, 0xA5, sizeof effect);
    self->before = self->engine;
    self->result = cvm_step_effect(&self->engine, &effect);
    assert_int_equal(effect.pc, self->before.pc);
    assert_int_equal(effect.opcode, word & 0xFF);
    assert_int_equal(effect.sp, self->engine.sp);
    return effect;
}

static void expect(const cvm_effect_record *effect, uint8_t kind, uint16_t address, int32_t value) {
    assert_int_equal(effect->kind, kind);
    assert_int_equal(effect->address, address);
    assert_int_equal(effect->value, value);
    if (kind != CVM_EFFECT_PRINT) {
        assert_int_equal(effect->text_length, 0);
    }
}

/* A step from the given stack at pc 7: its effect. */
static void check(uint32_t word, const int32_t *values, size_t count, uint8_t kind,
                  uint16_t address, int32_t value) {
    rig self;
    rig_init(&self);
    self.engine.pc = 7;
    self.memory.loaded = -88;
    self.io.input = 1;
    rig_push(&self, values, count);
    const cvm_effect_record effect = step(&self, word);
    expect(&effect, kind, address, value);
}

#define CHECK(word, kind, address, value, ...)                                                     \
    check((word), (const int32_t[]){__VA_ARGS__}, LENGTH(((const int32_t[]){__VA_ARGS__})),        \
          (kind), (address), (value))

static void the_top_of_the_stack(void **state) {
    (void)state;
    CHECK(OP(CVM_OP_ADD, 0, 0), CVM_EFFECT_TOP, 0, 5, 1, 2, 3);
    CHECK(OP(CVM_OP_PUSH, 1, 0xFFFF), CVM_EFFECT_TOP, 0, -1, 1);
    CHECK(OP(CVM_OP_POP, 0, 0), CVM_EFFECT_TOP, 0, 0, 9); /* empty: 0 */
    CHECK(OP(CVM_OP_POP, 0, 0), CVM_EFFECT_TOP, 0, 4, 4, 9);
    CHECK(OP(CVM_OP_HALT, 0, 0), CVM_EFFECT_TOP, 0, 4, 4);
    CHECK(OP(CVM_OP_JMP, 0, 3), CVM_EFFECT_TOP, 0, 4, 4);
    CHECK(OP(CVM_OP_JMP_TRUE, 0, 3), CVM_EFFECT_TOP, 0, 4, 4, 1);
    CHECK(OP(CVM_OP_CALL, 2, 3), CVM_EFFECT_TOP, 0, 5, 4, 5);
    CHECK(OP(CVM_OP_LOAD_LOCAL, 0, 0), CVM_EFFECT_TOP, 0, 4, 4, 5);
    CHECK(OP(CVM_OP_LOAD_GLOBAL, 0, 1), CVM_EFFECT_TOP, 0, -88, 4);
    CHECK(OP(CVM_OP_LOAD_ARRAY, 0, 1), CVM_EFFECT_TOP, 0, -88, 4);
}

static void the_top_belongs_to_the_whole_stack(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 6);
    self.engine.frame_base = 1; /* the function has nothing of its own left */
    PUSH(&self, 7);
    const cvm_effect_record effect = step(&self, OP(CVM_OP_POP, 0, 0));
    expect(&effect, CVM_EFFECT_TOP, 0, 6);
}

static void stores(void **state) {
    (void)state;
    CHECK(OP(CVM_OP_STORE_GLOBAL, 0, 63), CVM_EFFECT_STORE, 63, -5, 4, -5);
    CHECK(OP(CVM_OP_STORE_ARRAY, 0, 15), CVM_EFFECT_STORE, 0x400 + 15 * 64 + 63, -5, 63, -5);
    CHECK(OP(CVM_OP_CREATE_ARRAY, 0, 15), CVM_EFFECT_STORE, 0x20F, 64, 64);
    CHECK(OP(CVM_OP_STORE_LOCAL, 0, 1), CVM_EFFECT_STORE, 0x101, 30, 10, 20, 30);
}

static void a_stored_locals_address_counts_from_the_bottom(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 1, 2, 3, 4);
    self.engine.frame_base = 2;
    const cvm_effect_record effect = step(&self, OP(CVM_OP_STORE_LOCAL, 0, 0));
    expect(&effect, CVM_EFFECT_STORE, 0x102, 4);
    assert_int_equal(self.engine.stack[2], 4);
}

static void inputs(void **state) {
    (void)state;
    CHECK(OP(CVM_OP_DIGITAL_READ, 0, 0), CVM_EFFECT_INPUT, 22, 1, 22);
    CHECK(OP(CVM_OP_ANALOG_READ, 0, 0), CVM_EFFECT_INPUT, 0x100 + 16, 1, 16);
    CHECK(OP(CVM_OP_BUTTON_PRESSED, 0, 0), CVM_EFFECT_INPUT, 0x300, 1, 0);
    CHECK(OP(CVM_OP_BUTTON_RELEASED, 0, 0), CVM_EFFECT_INPUT, 0x302, 1, 2); /* as it was read */
    CHECK(OP(CVM_OP_MILLIS, 0, 0), CVM_EFFECT_INPUT, 0x401, 1, 9);
    CHECK(OP(CVM_OP_MICROS, 0, 0), CVM_EFFECT_INPUT, 0x402, 1, 9);
}

static void time_is_an_int32(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.io.input = 0xFFFFFFFE;
    const cvm_effect_record effect = step(&self, OP(CVM_OP_MICROS, 0, 0));
    expect(&effect, CVM_EFFECT_INPUT, 0x402, -2);
}

static void outputs(void **state) {
    (void)state;
    CHECK(OP(CVM_OP_DIGITAL_WRITE, 0, 0), CVM_EFFECT_OUTPUT, 13, 1, 13, 77);
    CHECK(OP(CVM_OP_ANALOG_WRITE, 0, 0), CVM_EFFECT_OUTPUT, 0x105, 255, 5, 255);
    CHECK(OP(CVM_OP_PIN_MODE, 0, 0), CVM_EFFECT_OUTPUT, 0x20D, 3, 13, 3);
    CHECK(OP(CVM_OP_DELAY, 0, 0), CVM_EFFECT_OUTPUT, 0x400, 2000, 2000);
}

static void prints(void **state) {
    (void)state;
    const rig_text texts[] = {TEXT("<%d>"), TEXT("")};
    rig self;
    rig_init(&self);
    rig_strings(&self, texts, LENGTH(texts));
    PUSH(&self, 4, -5);
    cvm_effect_record effect = step(&self, OP(CVM_OP_PRINTF, 1, 0));
    expect(&effect, CVM_EFFECT_PRINT, 0x403, 0);
    assert_int_equal(effect.text_length, 4);
    assert_memory_equal(effect.text, "<-5>", 4);
    assert_memory_equal(self.io.text, "<-5>", 4); /* and it was really printed */
    effect = step(&self, OP(CVM_OP_PRINTF, 0, 1));
    expect(&effect, CVM_EFFECT_PRINT, 0x403, 0);
    assert_int_equal(effect.text_length, 0);
}

static void faults(void **state) {
    (void)state;
    CHECK(OP(CVM_OP_ADD, 0, 0), CVM_EFFECT_ERROR, 0, 2, 1);
    CHECK(OP(CVM_OP_ADD, 1, 0), CVM_EFFECT_ERROR, 0, 5, 1, 2);
    CHECK(OP(0xEE, 0, 0), CVM_EFFECT_ERROR, 0, 5, 1, 2);
    CHECK(OP(CVM_OP_STORE_LOCAL, 0, 9), CVM_EFFECT_ERROR, 0, 7, 1);
}

static void a_refused_call_is_no_effect_but_the_fault(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.memory.answer = false;
    PUSH(&self, 5, 6);
    cvm_effect_record effect = step(&self, OP(CVM_OP_STORE_ARRAY, 0, 3));
    expect(&effect, CVM_EFFECT_ERROR, 0, 7);
    rig_expect_fault(&self, 7);

    rig_init(&self);
    self.io.answer = 9;
    PUSH(&self, 5, 6);
    effect = step(&self, OP(CVM_OP_DIGITAL_WRITE, 0, 0));
    expect(&effect, CVM_EFFECT_ERROR, 0, 9);
    rig_expect_fault(&self, 9);
}

static void without_an_instruction_the_opcode_is_0(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.engine.pc = RIG_INSTRUCTIONS;
    cvm_effect_record effect;
    assert_int_equal(cvm_step_effect(&self.engine, &effect), CVM_STEP_FAULTED);
    expect(&effect, CVM_EFFECT_ERROR, 0, 4);
    assert_int_equal(effect.opcode, 0);
    assert_int_equal(effect.pc, RIG_INSTRUCTIONS);

    cvm_engine_unload(&self.engine);
    assert_int_equal(cvm_step_effect(&self.engine, &effect), CVM_STEP_FAULTED);
    expect(&effect, CVM_EFFECT_ERROR, 0, 10);
    assert_int_equal(effect.opcode, 0);
    assert_int_equal(effect.pc, 0);
}

static void a_stopped_engine_has_no_effect(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    cvm_step(&self.engine); /* HALT */
    cvm_effect_record effect;
    memset(&effect, 0xA5, sizeof effect);
    const cvm_effect_record untouched = effect;
    assert_int_equal(cvm_step_effect(&self.engine, &effect), CVM_STEP_IDLE);
    assert_memory_equal(&effect, &untouched, sizeof effect);
}

static void recording_changes_nothing_else(void **state) {
    (void)state;
    rig plain;
    rig recorded;
    for (uint32_t opcode = 0; opcode < 256; opcode++) {
        const uint32_t word = OP(opcode, 0, 1);
        rig_init(&plain);
        rig_init(&recorded);
        PUSH(&plain, 1, 2, 3);
        PUSH(&recorded, 1, 2, 3);
        rig_step(&plain, word);
        step(&recorded, word);
        assert_int_equal(recorded.result, plain.result);
        assert_int_equal(recorded.engine.pc, plain.engine.pc);
        assert_int_equal(recorded.engine.error, plain.engine.error);
        assert_int_equal(recorded.engine.sp, plain.engine.sp);
        assert_memory_equal(recorded.engine.stack, plain.engine.stack, sizeof plain.engine.stack);
        assert_int_equal(recorded.io.op, plain.io.op);
        assert_int_equal(recorded.io.value, plain.io.value);
        assert_int_equal(recorded.memory.op, plain.memory.op);
        assert_int_equal(recorded.memory.index, plain.memory.index);
        assert_int_equal(recorded.memory.value, plain.memory.value);
    }
}

static uint32_t tick(void *context) {
    uint32_t *now = context;
    *now += 10;
    return *now;
}

static void the_ring_holds_the_last_instructions(void **state) {
    (void)state;
    rig self;
    ExecutionTrace ring[3];
    cvm_trace trace;
    uint32_t now = 0;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_PUSH, 0, 11), OP(CVM_OP_PUSH, 0, 12), OP(CVM_OP_ADD, 0, 0),
            OP(CVM_OP_POP, 0, 0), OP(CVM_OP_POP, 0, 99));
    cvm_trace_attach(&self.engine, &trace, ring, 3, tick, &now);
    assert_null(cvm_trace_entry(&trace, 0));
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_FAULT);
    assert_int_equal(trace.count, 5);
    const ExecutionTrace *newest = cvm_trace_entry(&trace, 0);
    assert_int_equal(newest->pc, 4);
    assert_int_equal(newest->opcode, CVM_OP_POP);
    assert_int_equal(newest->immediate, 99);
    assert_int_equal(newest->error, 2);
    assert_int_equal(newest->timestamp, 50);
    const ExecutionTrace *oldest = cvm_trace_entry(&trace, 2);
    assert_int_equal(oldest->pc, 2);
    assert_int_equal(oldest->opcode, CVM_OP_ADD);
    assert_int_equal(oldest->error, 0);
    assert_int_equal(oldest->timestamp, 30);
    assert_null(cvm_trace_entry(&trace, 3));
}

static void metrics_count_executed_instructions(void **state) {
    (void)state;
    rig self;
    ExecutionTrace ring[2];
    cvm_trace trace;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_CALL, 0, 2), OP(CVM_OP_HALT, 0, 0), OP(CVM_OP_PUSH, 0, 1),
            OP(CVM_OP_STORE_GLOBAL, 0, 1), OP(CVM_OP_MILLIS, 0, 0), OP(CVM_OP_PUSH, 0, 1),
            OP(CVM_OP_JMP, 0, 7), OP(CVM_OP_RET, 0, 0));
    cvm_trace_attach(&self.engine, &trace, ring, 2, NULL, NULL);
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_HALTED);
    assert_int_equal(trace.metrics.total_instructions, 8);
    assert_int_equal(trace.metrics.memory_operations, 1);
    assert_int_equal(trace.metrics.io_operations, 1);
    assert_int_equal(trace.metrics.control_flow, 3);
    assert_int_equal(trace.metrics.max_stack_depth, 2);
    assert_int_equal(cvm_trace_entry(&trace, 0)->timestamp, 0);

    cvm_engine_reset(&self.engine);
    cvm_trace_detach(&self.engine);
    cvm_run(&self.engine, 100, 0);
    assert_int_equal(trace.metrics.total_instructions, 8);

    cvm_trace_attach(&self.engine, &trace, ring, 2, NULL, NULL);
    cvm_engine_reset(&self.engine);
    rig_step(&self, OP(CVM_OP_POP, 0, 0)); /* a faulting one is in the ring, not in the totals */
    assert_int_equal(trace.metrics.total_instructions, 0);
    assert_int_equal(trace.count, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_top_of_the_stack),
        cmocka_unit_test(the_top_belongs_to_the_whole_stack),
        cmocka_unit_test(stores),
        cmocka_unit_test(a_stored_locals_address_counts_from_the_bottom),
        cmocka_unit_test(inputs),
        cmocka_unit_test(time_is_an_int32),
        cmocka_unit_test(outputs),
        cmocka_unit_test(prints),
        cmocka_unit_test(faults),
        cmocka_unit_test(a_refused_call_is_no_effect_but_the_fault),
        cmocka_unit_test(without_an_instruction_the_opcode_is_0),
        cmocka_unit_test(a_stopped_engine_has_no_effect),
        cmocka_unit_test(recording_changes_nothing_else),
        cmocka_unit_test(the_ring_holds_the_last_instructions),
        cmocka_unit_test(metrics_count_executed_instructions),
    };
    return cmocka_run_group_tests_name("effects", tests, NULL, NULL);
}
