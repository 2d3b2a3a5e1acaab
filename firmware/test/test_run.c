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
    assert_memory_equal(x->stack, y->stack, sizeof x->stack);
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
        cmocka_unit_test(an_interrupt_pauses_a_tight_loop),
        cmocka_unit_test(nothing_of_a_run_is_left_behind),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
