/* What all handlers have in common: flags, underflow, overflow, unknown opcodes, the frame base. */
#include "rig.h"

/* Written by hand, apart from the table that the firmware's header is generated from. */
typedef struct shape {
    uint8_t opcode;
    uint8_t takes;     /* values it needs with flags 0 */
    uint8_t gives;     /* values it leaves in their place */
    uint8_t last_flag; /* flags above are fault 5 */
} shape;

static const shape shapes[] = {
    {0x00, 0, 0, 0}, {0x01, 0, 1, 2}, {0x02, 1, 0, 0}, {0x03, 2, 1, 0},   {0x04, 2, 1, 0},
    {0x05, 2, 1, 0}, {0x06, 2, 1, 0}, {0x07, 2, 1, 0}, {0x08, 0, 0, 255}, {0x09, 0, 0, 1},
    {0x10, 2, 0, 0}, {0x11, 1, 1, 0}, {0x12, 2, 0, 0}, {0x13, 1, 1, 0},   {0x14, 1, 0, 0},
    {0x15, 1, 1, 0}, {0x16, 1, 1, 0}, {0x17, 2, 0, 0}, {0x18, 0, 0, 8},   {0x19, 0, 1, 0},
    {0x1A, 0, 1, 0}, {0x20, 2, 1, 0}, {0x21, 2, 1, 0}, {0x22, 2, 1, 0},   {0x23, 2, 1, 0},
    {0x24, 2, 1, 0}, {0x25, 2, 1, 0}, {0x26, 2, 1, 0}, {0x27, 2, 1, 0},   {0x28, 2, 1, 0},
    {0x29, 2, 1, 0}, {0x2A, 2, 1, 0}, {0x2B, 2, 1, 0}, {0x30, 0, 0, 0},   {0x31, 1, 0, 0},
    {0x32, 1, 0, 0}, {0x40, 2, 1, 0}, {0x41, 2, 1, 0}, {0x42, 1, 1, 0},   {0x50, 0, 1, 0},
    {0x51, 1, 0, 0}, {0x52, 0, 1, 0}, {0x53, 1, 0, 0}, {0x54, 1, 1, 0},   {0x55, 2, 0, 0},
    {0x56, 1, 0, 0}, {0x60, 2, 1, 0}, {0x61, 2, 1, 0}, {0x62, 2, 1, 0},   {0x63, 1, 1, 0},
    {0x64, 2, 1, 0}, {0x65, 2, 1, 0},
};

static const shape *shape_of(int opcode) {
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        if (shapes[i].opcode == opcode) {
            return &shapes[i];
        }
    }
    return NULL;
}

static void there_are_52(void **state) {
    (void)state;
    assert_int_equal(LENGTH(shapes), 52);
    assert_int_equal(CVM_OPCODE_COUNT, 52);
}

static void an_unknown_opcode_is_fault_5(void **state) {
    (void)state;
    for (int opcode = 0; opcode < 256; opcode++) {
        if (shape_of(opcode) == NULL) {
            CHECK_FAULT(OP(opcode, 0, 0), 5, 1, 2, 3);
        }
    }
}

static void flags_it_does_not_have_are_fault_5_before_anything_else(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        for (unsigned flags = shapes[i].last_flag + 1U; flags < 256; flags++) {
            /* nothing on the stack, a bad target, no such string */
            rig_check_fault(OP(shapes[i].opcode, flags, 0xFFFF), NULL, 0, 5);
        }
    }
}

static void too_few_values_are_fault_2_before_targets_and_arguments(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        for (size_t have = 0; have < shapes[i].takes; have++) {
            const int32_t values[2] = {-1, -1};
            rig_check_fault(OP(shapes[i].opcode, 0, 0xFFFF), values, have, 2);
        }
    }
}

static void a_callers_values_cannot_be_taken(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        if (shapes[i].takes == 0) {
            continue;
        }
        rig self;
        rig_init(&self);
        rig_fill(&self, 10U + shapes[i].takes - 1U);
        self.engine.frame_base = 10;
        rig_step(&self, OP(shapes[i].opcode, 0, 0));
        rig_expect_fault(&self, 2);
        assert_int_equal(self.memory.calls + self.io.calls, 0);
    }
}

static void one_value_too_many_is_fault_1(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        if (shapes[i].takes != 0 || shapes[i].gives != 1) {
            continue;
        }
        rig self;
        rig_init(&self);
        rig_fill(&self, CVM_STACK_DEPTH);
        rig_step(&self, OP(shapes[i].opcode, 0, 0));
        rig_expect_fault(&self, 1);
        assert_int_equal(self.io.calls, 0);
    }
}

static void the_last_place_can_be_filled(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        if (shapes[i].takes != 0 || shapes[i].gives != 1) {
            continue;
        }
        rig self;
        rig_init(&self);
        rig_fill(&self, CVM_STACK_DEPTH - 1);
        rig_step(&self, OP(shapes[i].opcode, 0, 0));
        assert_int_equal(self.result, CVM_STEP_DONE);
        assert_int_equal(self.engine.sp, CVM_STACK_DEPTH);
        assert_int_equal(self.engine.guard_middle, CVM_GUARD);
    }
}

/* Values that suit every instruction: 1 and 1; a full stack; the values below must stay. */
static void only_its_own_values_change(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        const uint8_t opcode = shapes[i].opcode;
        if (opcode == 0x00 || opcode == 0x08 || opcode == 0x09 || opcode == 0x18) {
            continue; /* HALT, CALL, RET, PRINTF: tested by themselves */
        }
        rig self;
        rig_init(&self);
        rig_fill(&self, 20);
        for (uint8_t n = 0; n < shapes[i].takes; n++) {
            PUSH(&self, 1);
        }
        rig_step(&self, OP(opcode, 0, 19));
        assert_int_equal(self.engine.error, 0);
        assert_int_equal(self.result, CVM_STEP_DONE);
        assert_int_equal(self.engine.sp, 20 + shapes[i].gives);
        const uint32_t kept = opcode == 0x53 ? 19 : 20; /* STORE_LOCAL 19 */
        assert_memory_equal(self.engine.stack, self.before.stack, kept * sizeof(int32_t));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_52),
        cmocka_unit_test(an_unknown_opcode_is_fault_5),
        cmocka_unit_test(flags_it_does_not_have_are_fault_5_before_anything_else),
        cmocka_unit_test(too_few_values_are_fault_2_before_targets_and_arguments),
        cmocka_unit_test(a_callers_values_cannot_be_taken),
        cmocka_unit_test(one_value_too_many_is_fault_1),
        cmocka_unit_test(the_last_place_can_be_filled),
        cmocka_unit_test(only_its_own_values_change),
    };
    return cmocka_run_group_tests_name("handlers", tests, NULL, NULL);
}
