/* Globals, locals and arrays: which operation is called with what, and what its refusal does. */
#include "rig.h"

static void expect_call(const rig *self, enum mock_memory_op op, uint16_t id, uint32_t index,
                        int32_t value) {
    assert_int_equal(self->memory.calls, 1);
    assert_int_equal(self->memory.op, op);
    assert_int_equal(self->memory.id, id);
    assert_int_equal(self->memory.index, index);
    assert_int_equal(self->memory.value, value);
    assert_int_equal(self->io.calls, 0);
}

static void load_global(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.memory.loaded = -77;
    rig_step(&self, OP(CVM_OP_LOAD_GLOBAL, 0, 63));
    EXPECT_STACK(&self, -77);
    expect_call(&self, MOCK_LOAD_GLOBAL, 63, 0, 0);
}

static void store_global(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 4, -5);
    rig_step(&self, OP(CVM_OP_STORE_GLOBAL, 0, 2));
    EXPECT_STACK(&self, 4);
    expect_call(&self, MOCK_STORE_GLOBAL, 2, 0, -5);
}

static void load_array(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.memory.loaded = 99;
    PUSH(&self, 4, 63);
    rig_step(&self, OP(CVM_OP_LOAD_ARRAY, 0, 15));
    EXPECT_STACK(&self, 4, 99);
    expect_call(&self, MOCK_LOAD_ARRAY, 15, 63, 0);
}

static void store_array(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 4, 5, 6);
    rig_step(&self, OP(CVM_OP_STORE_ARRAY, 0, 1));
    EXPECT_STACK(&self, 4);
    expect_call(&self, MOCK_STORE_ARRAY, 1, 5, 6);
}

static void create_array(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 4, 64);
    rig_step(&self, OP(CVM_OP_CREATE_ARRAY, 0, 3));
    EXPECT_STACK(&self, 4);
    expect_call(&self, MOCK_CREATE_ARRAY, 3, 64, 0);
}

/* Ids and indices beyond 8 bits must not come out as small ones. */
static void nothing_is_cut_off(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 0x10005, 1);
    rig_step(&self, OP(CVM_OP_STORE_ARRAY, 0, 0x0101));
    expect_call(&self, MOCK_STORE_ARRAY, 0x0101, 0x10005, 1);
    rig_init(&self);
    PUSH(&self, 0x101);
    rig_step(&self, OP(CVM_OP_CREATE_ARRAY, 0, 0x0100));
    expect_call(&self, MOCK_CREATE_ARRAY, 0x0100, 0x101, 0);
}

static void a_refused_operation_is_fault_7(void **state) {
    (void)state;
    for (int opcode = CVM_OP_LOAD_GLOBAL; opcode <= CVM_OP_CREATE_ARRAY; opcode++) {
        if (opcode == CVM_OP_LOAD_LOCAL || opcode == CVM_OP_STORE_LOCAL) {
            continue;
        }
        rig self;
        rig_init(&self);
        self.memory.answer = false;
        self.memory.loaded = 1234;
        PUSH(&self, 1, 2);
        rig_step(&self, OP(opcode, 0, 9));
        rig_expect_fault(&self, 7);
        assert_int_equal(self.memory.calls, 1);
    }
}

static void a_negative_index_or_size_is_fault_7_and_asks_nobody(void **state) {
    (void)state;
    CHECK_FAULT(OP(CVM_OP_LOAD_ARRAY, 0, 0), 7, -1);
    CHECK_FAULT(OP(CVM_OP_STORE_ARRAY, 0, 0), 7, INT32_MIN, 5);
    CHECK_FAULT(OP(CVM_OP_CREATE_ARRAY, 0, 0), 7, -64);
}

static void bounds_come_before_overflow(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.memory.answer = false;
    rig_fill(&self, CVM_STACK_DEPTH);
    rig_step(&self, OP(CVM_OP_LOAD_GLOBAL, 0, 64));
    rig_expect_fault(&self, 7);
    rig_init(&self);
    rig_fill(&self, CVM_STACK_DEPTH);
    rig_step(&self, OP(CVM_OP_LOAD_LOCAL, 0, 128));
    rig_expect_fault(&self, 7);
}

static void locals_count_from_the_frame_base(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 10, 20, 30, 40);
    self.engine.frame_base = 2;
    rig_step(&self, OP(CVM_OP_LOAD_LOCAL, 0, 1));
    EXPECT_STACK(&self, 10, 20, 30, 40, 40);
    rig_step(&self, OP(CVM_OP_STORE_LOCAL, 0, 0));
    EXPECT_STACK(&self, 10, 20, 40, 40);
    assert_int_equal(self.memory.calls, 0);
}

static void a_local_at_or_above_sp_is_fault_7(void **state) {
    (void)state;
    CHECK_FAULT(OP(CVM_OP_LOAD_LOCAL, 0, 2), 7, 1, 2);
    CHECK_FAULT(OP(CVM_OP_LOAD_LOCAL, 0, 0xFFFF), 7, 1, 2);
    CHECK_FAULT(OP(CVM_OP_STORE_LOCAL, 0, 1), 7, 1, 2); /* its own place is gone after the pop */
    CHECK_FAULT(OP(CVM_OP_STORE_LOCAL, 0, 0xFFFF), 7, 1, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_global),
        cmocka_unit_test(store_global),
        cmocka_unit_test(load_array),
        cmocka_unit_test(store_array),
        cmocka_unit_test(create_array),
        cmocka_unit_test(nothing_is_cut_off),
        cmocka_unit_test(a_refused_operation_is_fault_7),
        cmocka_unit_test(a_negative_index_or_size_is_fault_7_and_asks_nobody),
        cmocka_unit_test(bounds_come_before_overflow),
        cmocka_unit_test(locals_count_from_the_frame_base),
        cmocka_unit_test(a_local_at_or_above_sp_is_fault_7),
    };
    return cmocka_run_group_tests_name("memory handlers", tests, NULL, NULL);
}
