/* CALL, RET and the jumps. */
#include "rig.h"

static void call_keeps_its_arguments_as_locals(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.engine.pc = 5;
    PUSH(&self, 10, 20, 30);
    rig_step(&self, OP(CVM_OP_CALL, 2, 40));
    assert_int_equal(self.result, CVM_STEP_DONE);
    assert_int_equal(self.engine.pc, 40);
    assert_int_equal(self.engine.sp, 3);
    assert_int_equal(self.engine.frame_base, 1);
    assert_int_equal(self.engine.depth, 1);
    assert_int_equal(self.engine.frames[0].return_pc, 6);
    assert_int_equal(self.engine.frames[0].frame_base, 1);
}

static void call_faults_in_order(void **state) {
    (void)state;
    CHECK_FAULT(OP(CVM_OP_CALL, 2, RIG_INSTRUCTIONS), 2, 1); /* underflow before the target */
    CHECK_FAULT(OP(CVM_OP_CALL, 1, RIG_INSTRUCTIONS), 4, 1);
    CHECK_FAULT(OP(CVM_OP_CALL, 255, 0), 2, 1);

    rig self;
    rig_init(&self);
    self.engine.depth = CVM_CALL_DEPTH;
    rig_step(&self, OP(CVM_OP_CALL, 0, RIG_INSTRUCTIONS)); /* the target before overflow */
    rig_expect_fault(&self, 4);

    rig_init(&self);
    self.engine.depth = CVM_CALL_DEPTH;
    rig_step(&self, OP(CVM_OP_CALL, 0, 0));
    rig_expect_fault(&self, 1);
}

static void the_24th_frame_is_the_last(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_CALL, 0, 0));
    for (int i = 0; i < 24; i++) {
        assert_int_equal(cvm_step(&self.engine), CVM_STEP_DONE);
    }
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_FAULTED);
    assert_int_equal(self.engine.error, 1);
    assert_int_equal(self.engine.depth, 24);
    assert_int_equal(self.engine.guard_middle, CVM_GUARD);
    assert_int_equal(self.engine.guard_high, CVM_GUARD);
}

static void ret_drops_the_frame(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_PUSH, 0, 7), OP(CVM_OP_PUSH, 0, 8), OP(CVM_OP_CALL, 1, 10),
            OP(CVM_OP_HALT, 0, 0));
    for (int i = 0; i < 3; i++) {
        cvm_step(&self.engine);
    }
    PUSH(&self, 100, 101);
    rig_step(&self, OP(CVM_OP_RET, 0, 0));
    assert_int_equal(self.result, CVM_STEP_DONE);
    assert_int_equal(self.engine.pc, 3);
    assert_int_equal(self.engine.sp, 1);
    assert_int_equal(self.engine.stack[0], 7);
    assert_int_equal(self.engine.frame_base, 0);
    assert_int_equal(self.engine.depth, 0);
}

static void ret_value_takes_the_top_along(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 7, 8, 9);
    rig_step(&self, OP(CVM_OP_CALL, 2, 10)); /* base 1 */
    PUSH(&self, 50);
    rig_step(&self, OP(CVM_OP_CALL, 1, 20)); /* base 3 */
    PUSH(&self, 60, 61);
    rig_step(&self, OP(CVM_OP_RET, 1, 0));
    assert_int_equal(self.engine.pc, 11);
    assert_int_equal(self.engine.frame_base, 1);
    assert_int_equal(self.engine.sp, 4);
    assert_int_equal(self.engine.stack[3], 61);
    rig_step(&self, OP(CVM_OP_RET, 1, 0));
    assert_int_equal(self.engine.pc, 1);
    assert_int_equal(self.engine.frame_base, 0);
    assert_int_equal(self.engine.sp, 2);
    assert_int_equal(self.engine.stack[0], 7);
    assert_int_equal(self.engine.stack[1], 61);
}

static void ret_without_a_frame_or_a_value_is_fault_2(void **state) {
    (void)state;
    CHECK_FAULT(OP(CVM_OP_RET, 0, 0), 2, 1);
    CHECK_FAULT(OP(CVM_OP_RET, 1, 0), 2, 1);
    rig self;
    rig_init(&self);
    PUSH(&self, 7);
    rig_step(&self, OP(CVM_OP_CALL, 0, 10));
    rig_step(&self, OP(CVM_OP_RET, 1, 0)); /* the 7 is its caller's */
    rig_expect_fault(&self, 2);
}

static void a_call_as_last_instruction_returns_to_fault_4(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PROGRAM(&self, OP(CVM_OP_RET, 0, 0));
    self.engine.pc = RIG_INSTRUCTIONS - 1;
    rig_step(&self, OP(CVM_OP_CALL, 0, 0));
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_DONE);
    assert_int_equal(self.engine.pc, RIG_INSTRUCTIONS);
    assert_int_equal(cvm_step(&self.engine), CVM_STEP_FAULTED);
    assert_int_equal(self.engine.error, 4);
    assert_int_equal(self.engine.steps, 2);
}

static void jumps_are_absolute(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.engine.pc = 9;
    rig_step(&self, OP(CVM_OP_JMP, 0, RIG_INSTRUCTIONS - 1));
    assert_int_equal(self.engine.pc, RIG_INSTRUCTIONS - 1);
    rig_step(&self, OP(CVM_OP_JMP, 0, 3));
    assert_int_equal(self.engine.pc, 3);
    CHECK_FAULT(OP(CVM_OP_JMP, 0, RIG_INSTRUCTIONS), 4, 0);
    CHECK_FAULT(OP(CVM_OP_JMP, 0, 0xFFFF), 4, 0);
}

static void check_conditional(uint8_t opcode, int32_t condition, bool taken) {
    rig self;
    rig_init(&self);
    PUSH(&self, 5, condition);
    rig_step(&self, OP(opcode, 0, 30));
    assert_int_equal(self.result, CVM_STEP_DONE);
    assert_int_equal(self.engine.pc, taken ? 30 : 1);
    assert_int_equal(self.engine.sp, 1);

    rig_init(&self); /* a bad target is a fault only when taken */
    PUSH(&self, 5, condition);
    rig_step(&self, OP(opcode, 0, RIG_INSTRUCTIONS));
    if (taken) {
        rig_expect_fault(&self, 4);
    } else {
        EXPECT_STACK(&self, 5);
    }
}

static void conditional_jumps(void **state) {
    (void)state;
    check_conditional(CVM_OP_JMP_TRUE, 0, false);
    check_conditional(CVM_OP_JMP_TRUE, 1, true);
    check_conditional(CVM_OP_JMP_TRUE, INT32_MIN, true);
    check_conditional(CVM_OP_JMP_FALSE, 0, true);
    check_conditional(CVM_OP_JMP_FALSE, 1, false);
    check_conditional(CVM_OP_JMP_FALSE, 256, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call_keeps_its_arguments_as_locals),
        cmocka_unit_test(call_faults_in_order),
        cmocka_unit_test(the_24th_frame_is_the_last),
        cmocka_unit_test(ret_drops_the_frame),
        cmocka_unit_test(ret_value_takes_the_top_along),
        cmocka_unit_test(ret_without_a_frame_or_a_value_is_fault_2),
        cmocka_unit_test(a_call_as_last_instruction_returns_to_fault_4),
        cmocka_unit_test(jumps_are_absolute),
        cmocka_unit_test(conditional_jumps),
    };
    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
