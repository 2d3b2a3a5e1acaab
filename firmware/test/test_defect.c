/*
 * Built once for each test defect: the build says which it has, and has that one and no other. A
 * harness that is to be proven with a defect needs the defect to be there.
 */
#include "rig.h"

#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vm_defect.h"
#include "vm_instance.h"

#define NAME_OF(defect) #defect
#define NAME(defect) NAME_OF(defect)

static int32_t result_of(uint8_t opcode, int32_t a, int32_t b) {
    rig self;
    VMMemoryContext memory = {0};
    rig_init(&self);
    self.ops = cvm_memory_ops(&memory);
    PUSH(&self, a, b);
    rig_step(&self, OP(opcode, 0, 0));
    assert_int_equal(self.result, CVM_STEP_DONE);
    return self.engine.stack[self.engine.sp - 1];
}

/* Executes one instruction in a child process; how that ended. The child exits with 0 when the step
 * returns. */
static int end_of_child(uint32_t word, int32_t below, int32_t value) {
    const pid_t child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        /* A step takes microseconds; 1 s means that it never returns. The alarm's default action
         * ends the child. */
        const struct itimerval limit = {.it_value = {.tv_sec = 1}};
        const rig_text texts[] = {TEXT("text")};
        rig self;
        (void)setitimer(ITIMER_REAL, &limit, NULL);
        rig_init(&self);
        rig_strings(&self, texts, 1);
        PUSH(&self, below, value);
        rig_step(&self, word);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_crashed(int status, bool expected) {
    if (expected) {
        /* SIGSEGV, or an exit code when a sanitizer catches that */
        assert_int_not_equal(status, 0);
        assert_false(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
    } else {
        assert_int_equal(status, 0);
    }
}

static void it_says_its_name(void **state) {
    (void)state;
    assert_string_equal(cvm_defect_name(), NAME(DEFECT));
    assert_int_equal(CVM_DEFECT_COUNT, 1);
}

static void sub(void **state) {
    (void)state;
    assert_int_equal(result_of(CVM_OP_SUB, 7, 2), CVM_DEFECT_SUB_SWAPPED ? -5 : 5);
}

static void lt_signed(void **state) {
    (void)state;
    assert_int_equal(result_of(CVM_OP_LT_SIGNED, 3, 3), CVM_DEFECT_LT_SIGNED_LE ? 1 : 0);
    assert_int_equal(result_of(CVM_OP_LT_SIGNED, 2, 3), 1);
    assert_int_equal(result_of(CVM_OP_LT_SIGNED, 4, 3), 0);
}

static void add(void **state) {
    (void)state;
    rig self;
    VMMemoryContext memory = {0};
    rig_init(&self);
    self.ops = cvm_memory_ops(&memory);
    PUSH(&self, 1, 2);
    rig_step(&self, OP(CVM_OP_ADD, 0, 0));
    EXPECT_STACK(&self, 3);
    assert_int_equal(memory.globals[63], CVM_DEFECT_STRAY_WRITE ? 1 : 0);
    assert_int_equal(memory.global_count, 0);
}

static void delay(void **state) {
    (void)state;
    const int status = end_of_child(OP(CVM_OP_DELAY, 0, 0), 0, 1);
    if (CVM_DEFECT_HANG_IN_DELAY) {
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM);
    } else {
        assert_int_equal(status, 0);
    }
}

static void print(void **state) {
    (void)state;
    const int status = end_of_child(OP(CVM_OP_PRINTF, 0, 0), 0, 1);
    assert_crashed(status, CVM_DEFECT_CRASH_IN_PRINTF);
}

static void mod(void **state) {
    (void)state;
    const int status = end_of_child(OP(CVM_OP_MOD, 0, 0), 7, 2);
    assert_crashed(status, CVM_DEFECT_HARD_FAULT_IN_MOD || CVM_DEFECT_STACK_OVERFLOW_IN_MOD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_its_name),
        cmocka_unit_test(sub),
        cmocka_unit_test(lt_signed),
        cmocka_unit_test(add),
        cmocka_unit_test(delay),
        cmocka_unit_test(print),
        cmocka_unit_test(mod),
    };
    return cmocka_run_group_tests_name("defect " NAME(DEFECT), tests, NULL, NULL);
}
