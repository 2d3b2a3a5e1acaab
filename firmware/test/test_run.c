/* The run loop against single steps: whatever the slices, both come to the same state. And pausing
 * from outside. */
#include "rig.h"

#include <signal.h>
#include <sys/time.h>

#include "vm_instance.h"

/* A loop() with a call, branches, a global, time and a jump over `loop`; it never ends. */
static const uint32_t program[] = {
    OP(CVM_OP_PUSH, 0, 0),         /*  0: entry */
    OP(CVM_OP_STORE_GLOBAL, 0, 0), /*  1 */
    OP(CVM_OP_CALL, 0, 5),         /*  2: loop */
    OP(CVM_OP_POP, 0, 0),          /*  3 */
    OP(CVM_OP_JMP, 0, 2),          /*  4 */
    OP(CVM_OP_LOAD_GLOBAL, 0, 0),  /*  5: function */
    OP(CVM_OP_PUSH, 0, 1),         /*  6 */
    OP(CVM_OP_ADD, 0, 0),          /*  7 */
    OP(CVM_OP_STORE_GLOBAL, 0, 0), /*  8 */
    OP(CVM_OP_LOAD_GLOBAL, 0, 0),  /*  9 */
    OP(CVM_OP_PUSH, 0, 3),         /* 10 */
    OP(CVM_OP_BITWISE_AND, 0, 0),  /* 11 */
    OP(CVM_OP_JMP_FALSE, 0, 15),   /* 12 */
    OP(CVM_OP_MICROS, 0, 0),       /* 13 */
    OP(CVM_OP_RET, 1, 0),          /* 14 */
    OP(CVM_OP_PUSH, 0, 7),         /* 15 */
    OP(CVM_OP_RET, 1, 0),          /* 16 */
};
enum { LOOP = 2 };

/* Time as the virtual clock has it, so that a wrong step count shows as a wrong value. */
static uint8_t micros(void *context, uint32_t *out) {
    const cvm_engine *engine = context;
    *out = (uint32_t)engine->steps;
    return CVM_ERR_NONE;
}

typedef struct vm {
    rig rig;
    VMMemoryContext memory;
} vm;

static void set_up(vm *self) {
    memset(&self->memory, 0, sizeof self->memory);
    rig_init(&self->rig);
    rig_program(&self->rig, program, LENGTH(program));
    self->rig.ops = cvm_memory_ops(&self->memory);
    self->rig.controller.micros = micros;
    self->rig.controller.context = &self->rig.engine;
    self->rig.engine.loop = LOOP;
}

static void expect_same(const vm *a, const vm *b) {
    const cvm_engine *x = &a->rig.engine;
    const cvm_engine *y = &b->rig.engine;
    assert_int_equal(x->pc, y->pc);
    assert_int_equal(x->sp, y->sp);
    assert_int_equal(x->frame_base, y->frame_base);
    assert_int_equal(x->depth, y->depth);
    assert_int_equal(x->rounds, y->rounds);
    assert_true(x->steps == y->steps);
    /* What lies above the top has no meaning. */
    assert_memory_equal(x->stack, y->stack, x->sp * sizeof x->stack[0]);
    assert_memory_equal(x->frames, y->frames, sizeof x->frames);
    assert_memory_equal(&a->memory, &b->memory, sizeof a->memory);
}

static void slices_are_steps(void **state) {
    (void)state;
    /* Every slice length up to more than a round: its end falls on each instruction in turn. */
    for (uint32_t slice = 1; slice <= 20; slice++) {
        vm run;
        vm stepped;
        set_up(&run);
        set_up(&stepped);
        for (int n = 0; n < 20; n++) {
            assert_int_equal(cvm_run(&run.rig.engine, slice, 0), CVM_RUN_STEPS);
            for (uint32_t i = 0; i < slice; i++) {
                assert_int_equal(cvm_step(&stepped.rig.engine), CVM_STEP_DONE);
            }
            expect_same(&run, &stepped);
        }
    }
}

static void rounds_are_counted_by_jumps(void **state) {
    (void)state;
    vm run;
    set_up(&run);
    for (uint32_t round = 1; round <= 50; round++) {
        assert_int_equal(cvm_run(&run.rig.engine, UINT32_MAX, round), CVM_RUN_LOOPS);
        assert_int_equal(run.rig.engine.rounds, round);
        assert_int_equal(run.rig.engine.pc, LOOP);
        assert_int_equal(run.memory.globals[0], round);
    }
}

static void the_budget_is_exact_to_the_last_step(void **state) {
    (void)state;
    vm run;
    set_up(&run);
    assert_int_equal(cvm_run(&run.rig.engine, 100000, 0), CVM_RUN_STEPS);
    assert_true(run.rig.engine.steps == 100000);
}

/* Straight on through `loop` to the end, and over it. */
static void set_up_straight(vm *self) {
    set_up(self);
    PROGRAM(&self->rig, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_PUSH, 0, 2), OP(CVM_OP_ADD, 0, 0),
            OP(CVM_OP_MICROS, 0, 0), OP(CVM_OP_HALT, 0, 0));
    self->rig.engine.instruction_count = 4; /* and HALT, which follows a program (vm_image.h) */
}

static void the_end_of_the_program_is_not_executed(void **state) {
    (void)state;
    for (uint32_t budget = 1; budget <= 6; budget++) {
        vm run;
        vm stepped;
        set_up_straight(&run);
        set_up_straight(&stepped);
        const cvm_run_result result = cvm_run(&run.rig.engine, budget, 0);
        assert_int_equal(result, budget <= 4 ? CVM_RUN_STEPS : CVM_RUN_FAULT);
        for (uint32_t i = 0; i < budget; i++) {
            (void)cvm_step(&stepped.rig.engine);
        }
        expect_same(&run, &stepped);
        assert_int_equal(run.rig.engine.state, budget <= 4 ? CVM_STATE_READY : CVM_STATE_FAULTED);
        assert_int_equal(run.rig.engine.error, budget <= 4 ? 0 : CVM_ERR_INVALID_JUMP);
        assert_int_equal(run.rig.engine.rounds, budget > LOOP);
        assert_true(run.rig.engine.steps == (budget <= 4 ? budget : 4));
    }
}

/* With a few values, in a called function, on own memory or a mock's. */
static void set_up_one(vm *self, uint32_t word, bool own_memory) {
    memset(&self->memory, 0, sizeof self->memory);
    rig_init(&self->rig);
    PROGRAM(&self->rig, OP(CVM_OP_PUSH, 0, 9), OP(CVM_OP_PUSH, 0, 2), OP(CVM_OP_CREATE_ARRAY, 0, 1),
            OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_CALL, 2, 6), word);
    if (own_memory) {
        self->rig.ops = cvm_memory_ops(&self->memory);
    }
}

/* Near the end of a budget the loop takes other ways than far from it. */
static void every_instruction_is_the_same_in_a_long_run(void **state) {
    (void)state;
    enum { BEFORE = 6, LONG = 1000 };
    static const uint8_t flags[] = {0, 1, 2, 3, 4, 5, 0x80, 0xFF};
    static const uint16_t immediates[] = {0, 1, 7, 0xFFFF};
    for (uint32_t n = 0; n < 256 * LENGTH(flags) * LENGTH(immediates) * 2; n++) {
        const uint32_t word = OP(n % 256, flags[n / 256 % LENGTH(flags)],
                                 immediates[n / 256 / LENGTH(flags) % LENGTH(immediates)]);
        const bool own_memory = n / 256 / LENGTH(flags) / LENGTH(immediates) == 1;
        vm run;
        vm stepped;
        set_up_one(&run, word, own_memory);
        set_up_one(&stepped, word, own_memory);
        const cvm_run_result result = cvm_run(&run.rig.engine, LONG, 0);
        for (uint32_t i = 0; i < BEFORE + 1; i++) {
            (void)cvm_step(&stepped.rig.engine);
        }
        assert_int_equal(cvm_run(&stepped.rig.engine, LONG - BEFORE - 1, 0), result);
        expect_same(&run, &stepped);
        assert_int_equal(run.rig.engine.state, stepped.rig.engine.state);
        assert_int_equal(run.rig.engine.error, stepped.rig.engine.error);
        assert_int_equal(run.rig.io.calls, stepped.rig.io.calls);
        assert_int_equal(run.rig.memory.calls, stepped.rig.memory.calls);
    }
}

static void set_up_branch(vm *self, uint8_t comparison, const int32_t *values, uint32_t jump) {
    memset(&self->memory, 0, sizeof self->memory);
    rig_init(&self->rig);
    PROGRAM(&self->rig, OP(CVM_OP_PUSH, 1, (uint16_t)values[0]),
            OP(CVM_OP_PUSH, 1, (uint16_t)values[1]), OP(comparison, 0, 0), jump,
            OP(CVM_OP_PUSH, 0, 7), OP(CVM_OP_PUSH, 0, 8));
    self->rig.engine.loop = 0;
}

/* The loop takes a comparison and the jump after it together where it can. */
static void a_comparison_and_its_jump_are_two_steps(void **state) {
    (void)state;
    static const int32_t values[][2] = {{1, 2}, {2, 1}, {3, 3}, {-1, 1}};
    static const uint32_t jumps[] = {
        /* ahead, to `loop`, out of the program, with flags; and no jump */
        OP(CVM_OP_JMP_TRUE, 0, 5),   OP(CVM_OP_JMP_TRUE, 0, 0),  OP(CVM_OP_JMP_TRUE, 0, 0xFFFF),
        OP(CVM_OP_JMP_TRUE, 1, 5),   OP(CVM_OP_JMP_FALSE, 0, 5), OP(CVM_OP_JMP_FALSE, 0, 0),
        OP(CVM_OP_JMP_FALSE, 0, 64), OP(CVM_OP_JMP_FALSE, 2, 5), OP(CVM_OP_NOT, 0, 0)};
    for (uint8_t comparison = CVM_OP_EQ; comparison <= CVM_OP_GE_SIGNED; comparison++) {
        for (size_t n = 0; n < LENGTH(values) * LENGTH(jumps); n++) {
            const uint32_t jump = jumps[n / LENGTH(values)];
            static const uint32_t budgets[] = {1, 2, 3, 4, 5, 6, 200};
            for (size_t i = 0; i < LENGTH(budgets); i++) {
                vm run;
                vm stepped;
                set_up_branch(&run, comparison, values[n % LENGTH(values)], jump);
                set_up_branch(&stepped, comparison, values[n % LENGTH(values)], jump);
                (void)cvm_run(&run.rig.engine, budgets[i], 0);
                for (uint32_t step = 0; step < budgets[i]; step++) {
                    (void)cvm_step(&stepped.rig.engine);
                }
                expect_same(&run, &stepped);
                assert_int_equal(run.rig.engine.state, stepped.rig.engine.state);
                assert_int_equal(run.rig.engine.error, stepped.rig.engine.error);
            }
        }
    }
}

static cvm_engine *interrupted;

static void on_alarm(int number) {
    (void)number;
    cvm_pause(interrupted);
}

/* An endless jump, whose budget would last for more than 10 s. */
static void an_interrupt_pauses_a_tight_loop(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_JMP, 0, 0));
    interrupted = &self.engine;
    const struct sigaction action = {.sa_handler = on_alarm};
    const struct itimerval once = {.it_value = {.tv_usec = 1000}};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &once, NULL), 0);
    assert_int_equal(cvm_run(&self.engine, UINT32_MAX, 0), CVM_RUN_PAUSED);
    assert_int_equal(self.engine.pc, 0);
    assert_int_equal(self.engine.pause, 0);
    assert_int_equal(cvm_run(&self.engine, 3, 0), CVM_RUN_STEPS);
}

static void nothing_of_a_run_is_left_behind(void **state) {
    (void)state;
    vm run;
    set_up(&run);
    (void)cvm_run(&run.rig.engine, 1000, 0);
    const cvm_registers no_registers = {0};
    const cvm_window no_window = {0};
    assert_memory_equal(&run.rig.engine.registers, &no_registers, sizeof no_registers);
    assert_memory_equal(&run.rig.engine.window, &no_window, sizeof no_window);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_are_steps),
        cmocka_unit_test(rounds_are_counted_by_jumps),
        cmocka_unit_test(the_budget_is_exact_to_the_last_step),
        cmocka_unit_test(the_end_of_the_program_is_not_executed),
        cmocka_unit_test(every_instruction_is_the_same_in_a_long_run),
        cmocka_unit_test(a_comparison_and_its_jump_are_two_steps),
        cmocka_unit_test(an_interrupt_pauses_a_tight_loop),
        cmocka_unit_test(nothing_of_a_run_is_left_behind),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
