/* Stack, arithmetic, comparison, logic and bitwise handlers: what they calculate. */
#include "rig.h"

#define MIN INT32_MIN
#define MAX INT32_MAX

static void halt_stays_and_counts(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    rig_step(&self, OP(CVM_OP_HALT, 0, 0));
    assert_int_equal(self.result, CVM_STEP_DONE);
    assert_int_equal(self.engine.state, CVM_STATE_HALTED);
    assert_int_equal(self.engine.pc, 0);
    assert_int_equal(self.engine.steps, 1);
    assert_int_equal(self.engine.error, 0);
}

static void push(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    rig_step(&self, OP(CVM_OP_PUSH, 0, 0xFFFF));
    EXPECT_STACK(&self, 65535);
    rig_step(&self, OP(CVM_OP_PUSH, 1, 0xFFFF));
    EXPECT_STACK(&self, 65535, -1);
    rig_step(&self, OP(CVM_OP_PUSH, 1, 0x8000));
    EXPECT_STACK(&self, 65535, -1, -32768);
    rig_step(&self, OP(CVM_OP_PUSH, 1, 0x7FFF));
    EXPECT_STACK(&self, 65535, -1, -32768, 32767);
}

static void push_wide_joins(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_PUSH, 2, 0x1234), 0x12345678, 0x5678);
    CHECK_RESULT(OP(CVM_OP_PUSH, 2, 0x8000), MIN, 0);
    CHECK_RESULT(OP(CVM_OP_PUSH, 2, 0), 0xFFFF, -1);
    rig_check_fault(OP(CVM_OP_PUSH, 2, 0), NULL, 0, 2);

    rig self; /* it takes one and gives one, so a full stack is no obstacle */
    rig_init(&self);
    rig_fill(&self, CVM_STACK_DEPTH);
    rig_step(&self, OP(CVM_OP_PUSH, 2, 1));
    assert_int_equal(self.result, CVM_STEP_DONE);
    assert_int_equal(self.engine.stack[127], 0x10000 + 1127);
}

static void pop(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    PUSH(&self, 7, 8);
    rig_step(&self, OP(CVM_OP_POP, 0, 0));
    EXPECT_STACK(&self, 7);
}

static void addition_wraps(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_ADD, 0, 0), 5, 2, 3);
    CHECK_RESULT(OP(CVM_OP_ADD, 0, 0), MIN, MAX, 1);
    CHECK_RESULT(OP(CVM_OP_ADD, 0, 0), MAX, MIN, -1);
    CHECK_RESULT(OP(CVM_OP_ADD, 0, 0), 0, MIN, MIN);
}

static void subtraction_wraps(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_SUB, 0, 0), -1, 2, 3);
    CHECK_RESULT(OP(CVM_OP_SUB, 0, 0), MAX, MIN, 1);
    CHECK_RESULT(OP(CVM_OP_SUB, 0, 0), MIN, 0, MIN);
}

static void multiplication_wraps(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_MUL, 0, 0), -6, 2, -3);
    CHECK_RESULT(OP(CVM_OP_MUL, 0, 0), MIN, MIN, -1);
    CHECK_RESULT(OP(CVM_OP_MUL, 0, 0), 1, MAX, MAX);
    CHECK_RESULT(OP(CVM_OP_MUL, 0, 0), 0, 0x10000, 0x10000);
}

static void division_truncates_toward_zero(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_DIV, 0, 0), 3, 7, 2);
    CHECK_RESULT(OP(CVM_OP_DIV, 0, 0), -3, -7, 2);
    CHECK_RESULT(OP(CVM_OP_DIV, 0, 0), -3, 7, -2);
    CHECK_RESULT(OP(CVM_OP_DIV, 0, 0), -7, 7, -1);
    CHECK_RESULT(OP(CVM_OP_DIV, 0, 0), MIN, MIN, -1);
    CHECK_RESULT(OP(CVM_OP_DIV, 0, 0), MIN, MIN, 1);
    CHECK_FAULT(OP(CVM_OP_DIV, 0, 0), 6, 7, 0);
}

static void remainder_has_the_sign_of_the_dividend(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_MOD, 0, 0), 1, 7, 2);
    CHECK_RESULT(OP(CVM_OP_MOD, 0, 0), -1, -7, 2);
    CHECK_RESULT(OP(CVM_OP_MOD, 0, 0), 1, 7, -2);
    CHECK_RESULT(OP(CVM_OP_MOD, 0, 0), 0, MIN, -1);
    CHECK_FAULT(OP(CVM_OP_MOD, 0, 0), 6, 7, 0);
}

typedef struct comparison {
    int32_t a;
    int32_t b;
    uint8_t eq, ne, lt, gt, le, ge; /* as uint32 */
    uint8_t slt, sgt, sle, sge;     /* as int32 */
} comparison;

static const comparison comparisons[] = {
    {0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1},     {1, 2, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0},
    {2, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1},     {-1, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0},
    {1, -1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1},    {-1, -1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1},
    {MIN, MAX, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0}, {MAX, MIN, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1},
    {-2, -1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0},
};

static void comparisons_give_0_or_1(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(comparisons); i++) {
        const comparison *c = &comparisons[i];
        CHECK_RESULT(OP(CVM_OP_EQ, 0, 0), c->eq, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_NE, 0, 0), c->ne, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_LT, 0, 0), c->lt, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_GT, 0, 0), c->gt, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_LE, 0, 0), c->le, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_GE, 0, 0), c->ge, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_EQ_SIGNED, 0, 0), c->eq, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_NE_SIGNED, 0, 0), c->ne, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_LT_SIGNED, 0, 0), c->slt, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_GT_SIGNED, 0, 0), c->sgt, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_LE_SIGNED, 0, 0), c->sle, c->a, c->b);
        CHECK_RESULT(OP(CVM_OP_GE_SIGNED, 0, 0), c->sge, c->a, c->b);
    }
}

static void logic_takes_any_nonzero_as_true(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_AND, 0, 0), 1, 2, 4);
    CHECK_RESULT(OP(CVM_OP_AND, 0, 0), 0, 0, -1);
    CHECK_RESULT(OP(CVM_OP_AND, 0, 0), 0, -1, 0);
    CHECK_RESULT(OP(CVM_OP_OR, 0, 0), 1, MIN, 0);
    CHECK_RESULT(OP(CVM_OP_OR, 0, 0), 1, 0, 8);
    CHECK_RESULT(OP(CVM_OP_OR, 0, 0), 0, 0, 0);
    CHECK_RESULT(OP(CVM_OP_NOT, 0, 0), 1, 0);
    CHECK_RESULT(OP(CVM_OP_NOT, 0, 0), 0, MIN);
}

static void bits(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_BITWISE_AND, 0, 0), 0x0C0, 0x0F0, 0x3CC);
    CHECK_RESULT(OP(CVM_OP_BITWISE_OR, 0, 0), 0x3FC, 0x0F0, 0x3CC);
    CHECK_RESULT(OP(CVM_OP_BITWISE_XOR, 0, 0), 0x33C, 0x0F0, 0x3CC);
    CHECK_RESULT(OP(CVM_OP_BITWISE_AND, 0, 0), MIN, -1, MIN);
    CHECK_RESULT(OP(CVM_OP_BITWISE_NOT, 0, 0), -1, 0);
    CHECK_RESULT(OP(CVM_OP_BITWISE_NOT, 0, 0), MAX, MIN);
}

static void shifts(void **state) {
    (void)state;
    CHECK_RESULT(OP(CVM_OP_SHIFT_LEFT, 0, 0), 20, 5, 2);
    CHECK_RESULT(OP(CVM_OP_SHIFT_LEFT, 0, 0), MIN, 3, 31);
    CHECK_RESULT(OP(CVM_OP_SHIFT_LEFT, 0, 0), -2, -1, 1);
    CHECK_RESULT(OP(CVM_OP_SHIFT_LEFT, 0, 0), 9, 9, 0);
    CHECK_RESULT(OP(CVM_OP_SHIFT_RIGHT, 0, 0), 2, 5, 1);
    CHECK_RESULT(OP(CVM_OP_SHIFT_RIGHT, 0, 0), -3, -5, 1);
    CHECK_RESULT(OP(CVM_OP_SHIFT_RIGHT, 0, 0), -1, MIN, 31);
    CHECK_RESULT(OP(CVM_OP_SHIFT_RIGHT, 0, 0), 0, MAX, 31);
    CHECK_RESULT(OP(CVM_OP_SHIFT_RIGHT, 0, 0), MIN, MIN, 0);
}

static void shift_counts_outside_0_to_31_are_fault_12(void **state) {
    (void)state;
    const int32_t counts[] = {32, -1, 33, 64, MIN, MAX};
    for (size_t i = 0; i < LENGTH(counts); i++) {
        CHECK_FAULT(OP(CVM_OP_SHIFT_LEFT, 0, 0), 12, 1, counts[i]);
        CHECK_FAULT(OP(CVM_OP_SHIFT_RIGHT, 0, 0), 12, 1, counts[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halt_stays_and_counts),
        cmocka_unit_test(push),
        cmocka_unit_test(push_wide_joins),
        cmocka_unit_test(pop),
        cmocka_unit_test(addition_wraps),
        cmocka_unit_test(subtraction_wraps),
        cmocka_unit_test(multiplication_wraps),
        cmocka_unit_test(division_truncates_toward_zero),
        cmocka_unit_test(remainder_has_the_sign_of_the_dividend),
        cmocka_unit_test(comparisons_give_0_or_1),
        cmocka_unit_test(logic_takes_any_nonzero_as_true),
        cmocka_unit_test(bits),
        cmocka_unit_test(shifts),
        cmocka_unit_test(shift_counts_outside_0_to_31_are_fault_12),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
