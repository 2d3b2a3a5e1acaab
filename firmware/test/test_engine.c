/* The engine: states, budgets, rounds, pause, guards, load and reset. */
#include "rig.h"

/* A program of `count` instructions only, so that its end can be reached. */
static void load_short(rig *self, uint16_t count, uint16_t entry, uint16_t loop) {
    const cvm_image image = {.code = self->code,
                             .strings = self->strings,
                             .instruction_count = count,
                             .string_count = 0,
                             .entry = entry,
                             .loop = loop};
    cvm_engine_load(&self->engine, &image);
}

static void an_empty_engine_is_fault_10(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    cvm_engine_unload(&self.engine);
    assert_int_equal(self.engine.state, CVM_STATE_EMPTY);
    assert_int_equal(self.engine.error, 0);
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_FAULTED);
    assert_int_equal(self.engine.error, 10);
    assert_int_equal(self.engine.pc, 0);
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_IDLE);
    cvm_engine_reset(&self.engine);
    assert_int_equal(self.engine.state, CVM_STATE_EMPTY);
    assert_int_equal(cvm_run(&self.engine, 5, 0), CVM_RUN_FAULT);
    assert_int_equal(self.engine.error, 10);
}

static void a_halted_engine_does_nothing(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_DONE);
    const cvm_engine before = self.engine;
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_IDLE);
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_HALTED);
    assert_memory_equal(&self.engine, &before, sizeof before);
}

static void a_faulted_engine_repeats_its_error(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    rig_step(&self, OP(CVM_OP_POP, 0, 0));
    rig_expect_fault(&self, 2);
    const cvm_engine before = self.engine;
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_IDLE);
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_FAULT);
    assert_memory_equal(&self.engine, &before, sizeof before);
}

static void running_off_the_end_is_fault_4(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_PUSH, 0, 2));
    load_short(&self, 2, 0, CVM_NO_LOOP);
    assert_int_equal(cvm_run(&self.engine, 100, 1), CVM_RUN_FAULT);
    assert_int_equal(self.engine.error, 4);
    assert_int_equal(self.engine.pc, 2);
    assert_int_equal(self.engine.steps, 2);
    assert_int_equal(self.engine.sp, 2);
    assert_int_equal(self.engine.rounds, 0);
}

static void the_longest_program_ends_without_a_round(void **state) {
    (void)state;
    static uint8_t code[4U * CVM_PROGRAM_LENGTH + 4U]; /* with what must follow it */
    rig self;
    rig_init(&self);
    for (size_t i = 0; i < CVM_PROGRAM_LENGTH; i++) {
        code[4 * i] = CVM_OP_JMP; /* to 0xFFFE, the last instruction, which pushes */
        code[4 * i + 2] = 0xFE;
        code[4 * i + 3] = 0xFF;
    }
    code[4U * 0xFFFE] = CVM_OP_PUSH;
    const cvm_image image = {.code = code,
                             .strings = self.strings,
                             .instruction_count = CVM_PROGRAM_LENGTH,
                             .string_count = 0,
                             .entry = 0,
                             .loop = CVM_NO_LOOP};
    cvm_engine_load(&self.engine, &image);
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_FAULT);
    assert_int_equal(self.engine.error, 4);
    assert_int_equal(self.engine.pc, 0xFFFF);
    assert_int_equal(self.engine.steps, 2);
    assert_int_equal(self.engine.rounds, 0);
}

static void the_step_budget_is_exact(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_JMP, 0, 0));
    assert_int_equal(cvm_run(&self.engine, 0, 0), CVM_RUN_STEPS);
    assert_int_equal(self.engine.steps, 0);
    assert_int_equal(cvm_run(&self.engine, 1000, 0), CVM_RUN_STEPS);
    assert_int_equal(self.engine.steps, 1000);
    assert_int_equal(cvm_run(&self.engine, 1, 0), CVM_RUN_STEPS);
    assert_int_equal(self.engine.steps, 1001);
}

static void steps_count_beyond_32_bits(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_JMP, 0, 0));
    self.engine.steps = UINT32_MAX;
    cvm_step(&self.engine);
    assert_true(self.engine.steps == UINT64_C(0x100000000));
}

static void rounds_are_counted_at_loop(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    /* entry 1; the round is 2 and 3 */
    PROGRAM(&self, OP(CVM_OP_HALT, 0, 0), OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_NOT, 0, 0),
            OP(CVM_OP_JMP, 0, 2));
    load_short(&self, 4, 1, 2);
    assert_false(cvm_at_round(&self.engine));
    cvm_step(&self.engine);
    assert_true(cvm_at_round(&self.engine));
    assert_int_equal(self.engine.rounds, 0);
    cvm_step(&self.engine);
    assert_int_equal(self.engine.rounds, 1);
    assert_int_equal(cvm_run(&self.engine, 1000, 3), CVM_RUN_LOOPS);
    assert_int_equal(self.engine.rounds, 3);
    assert_int_equal(self.engine.pc, 2);
    assert_int_equal(self.engine.steps, 1 + 3 * 2);
    assert_int_equal(cvm_run(&self.engine, 1000, 3), CVM_RUN_LOOPS); /* still */
    assert_int_equal(self.engine.steps, 1 + 3 * 2);
    assert_int_equal(cvm_run(&self.engine, 3, 0), CVM_RUN_STEPS); /* 0 = no limit */
    assert_int_equal(self.engine.rounds, 5);
}

static void a_round_counts_even_if_its_first_instruction_faults(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_POP, 0, 0));
    load_short(&self, 1, 0, 0);
    assert_int_equal(cvm_run(&self.engine, 10, 5), CVM_RUN_FAULT);
    assert_int_equal(self.engine.rounds, 1);
    assert_int_equal(self.engine.steps, 0);
}

static void pause_ends_a_run_after_the_instruction(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_PUSH, 0, 10), OP(CVM_OP_DELAY, 0, 0), OP(CVM_OP_JMP, 0, 0));
    self.io.pauses = &self.engine;
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_PAUSED);
    assert_int_equal(self.engine.pc, 2);
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_PAUSED);
    assert_int_equal(self.engine.steps, 5);
    cvm_pause(&self.engine);
    assert_int_equal(cvm_run(&self.engine, 100, 0), CVM_RUN_PAUSED); /* before anything */
    assert_int_equal(self.engine.steps, 5);
}

static void reset_keeps_only_the_program(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_HALT, 0, 0), OP(CVM_OP_PUSH, 0, 9), OP(CVM_OP_CALL, 1, 1));
    load_short(&self, 3, 1, 1);
    const cvm_engine fresh = self.engine;
    assert_int_equal(self.engine.pc, 1);
    assert_int_equal(cvm_run(&self.engine, 1000, 0), CVM_RUN_FAULT);
    assert_int_equal(self.engine.depth, 24);
    cvm_pause(&self.engine);
    cvm_engine_reset(&self.engine);
    assert_memory_equal(&self.engine, &fresh, sizeof fresh);
}

static void load_clears(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    load_short(&self, 3, 1, 1);
    const cvm_engine fresh = self.engine;
    rig_fill(&self, 50);
    self.engine.steps = 7;
    self.engine.rounds = 7;
    self.engine.error = 7;
    self.engine.state = CVM_STATE_FAULTED;
    load_short(&self, 3, 1, 1);
    assert_memory_equal(&self.engine, &fresh, sizeof fresh);
}

static void instruction_at_reads_the_program(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, 0x04030201, 0xFFEEDDCC);
    assert_int_equal(cvm_instruction_at(&self.engine, 0), 0x04030201);
    assert_int_equal(cvm_instruction_at(&self.engine, 1), 0xFFEEDDCC);
}

#ifdef CVM_CHECK_GUARDS
static void a_broken_guard_is_fault_3(void **state) {
    (void)state;
    for (int which = 0; which < 3; which++) {
        rig self;
        rig_init(&self);
        uint32_t *guards[] = {&self.engine.guard_low, &self.engine.guard_middle,
                              &self.engine.guard_high};
        *guards[which] ^= 1;
        rig_step(&self, OP(CVM_OP_PUSH, 0, 1));
        rig_expect_fault(&self, 3);
    }
}

static uint8_t break_guard(void *context, uint32_t *out) {
    cvm_engine *engine = context;
    engine->guard_middle ^= 1;
    *out = 0;
    return CVM_ERR_NONE;
}

static void a_guard_broken_in_a_run_is_fault_3_at_the_next_instruction(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_MICROS, 0, 0), OP(CVM_OP_POP, 0, 0));
    self.controller.micros = break_guard;
    self.controller.context = &self.engine;
    assert_int_equal(cvm_run(&self.engine, 1000, 0), CVM_RUN_FAULT);
    assert_int_equal(self.engine.error, 3);
    assert_int_equal(self.engine.pc, 2);
    assert_int_equal(self.engine.sp, 2);
    assert_int_equal(self.engine.steps, 2);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_engine_is_fault_10),
        cmocka_unit_test(a_halted_engine_does_nothing),
        cmocka_unit_test(a_faulted_engine_repeats_its_error),
        cmocka_unit_test(running_off_the_end_is_fault_4),
        cmocka_unit_test(the_longest_program_ends_without_a_round),
        cmocka_unit_test(the_step_budget_is_exact),
        cmocka_unit_test(steps_count_beyond_32_bits),
        cmocka_unit_test(rounds_are_counted_at_loop),
        cmocka_unit_test(a_round_counts_even_if_its_first_instruction_faults),
        cmocka_unit_test(pause_ends_a_run_after_the_instruction),
        cmocka_unit_test(reset_keeps_only_the_program),
        cmocka_unit_test(load_clears),
        cmocka_unit_test(instruction_at_reads_the_program),
#ifdef CVM_CHECK_GUARDS
        cmocka_unit_test(a_broken_guard_is_fault_3),
        cmocka_unit_test(a_guard_broken_in_a_run_is_fault_3_at_the_next_instruction),
#endif
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
