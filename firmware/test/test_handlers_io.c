/* Pins, buttons, time and text: what the io controller is asked, and what its refusal does. */
#include "rig.h"

static void expect_call(const rig *self, enum mock_io_op op, int32_t pin, uint32_t value) {
    assert_int_equal(self->io.calls, 1);
    assert_int_equal(self->io.op, op);
    assert_int_equal(self->io.pin, pin);
    assert_int_equal(self->io.value, value);
    assert_int_equal(self->memory.calls, 0);
}

/* `opcode` with two values: the controller is asked `op` for the first, with `value`. */
static void check_write(uint8_t opcode, int32_t first, int32_t second, enum mock_io_op op,
                        uint32_t value) {
    rig self;
    rig_init(&self);
    PUSH(&self, first, second);
    rig_step(&self, OP(opcode, 0, 0));
    rig_expect_empty(&self);
    expect_call(&self, op, first, value);
}

/* `opcode` with one value: the controller is asked `op` for it, gives `input`, and `result` is
 * pushed. */
static void check_read(uint8_t opcode, int32_t id, enum mock_io_op op, uint32_t input,
                       int32_t result) {
    rig self;
    rig_init(&self);
    self.io.input = input;
    PUSH(&self, id);
    rig_step(&self, OP(opcode, 0, 0));
    EXPECT_STACK(&self, result);
    expect_call(&self, op, id, 0);
}

static void digital_write_normalises(void **state) {
    (void)state;
    check_write(CVM_OP_DIGITAL_WRITE, 13, 0, MOCK_DIGITAL_WRITE, 0);
    check_write(CVM_OP_DIGITAL_WRITE, 13, 1, MOCK_DIGITAL_WRITE, 1);
    check_write(CVM_OP_DIGITAL_WRITE, 13, 256, MOCK_DIGITAL_WRITE, 1);
    check_write(CVM_OP_DIGITAL_WRITE, -1, INT32_MIN, MOCK_DIGITAL_WRITE, 1);
}

static void analog_write_takes_0_to_255(void **state) {
    (void)state;
    check_write(CVM_OP_ANALOG_WRITE, 5, 0, MOCK_ANALOG_WRITE, 0);
    check_write(CVM_OP_ANALOG_WRITE, 300, 255, MOCK_ANALOG_WRITE, 255);
    CHECK_FAULT(OP(CVM_OP_ANALOG_WRITE, 0, 0), 12, 5, 256);
    CHECK_FAULT(OP(CVM_OP_ANALOG_WRITE, 0, 0), 12, 5, -1);
}

static void pin_mode_takes_0_to_3(void **state) {
    (void)state;
    for (uint8_t mode = 0; mode <= 3; mode++) {
        check_write(CVM_OP_PIN_MODE, 22, mode, MOCK_PIN_MODE, mode);
    }
    CHECK_FAULT(OP(CVM_OP_PIN_MODE, 0, 0), 12, 22, 4);
    CHECK_FAULT(OP(CVM_OP_PIN_MODE, 0, 0), 12, 22, -1);
    CHECK_FAULT(OP(CVM_OP_PIN_MODE, 0, 0), 12, 22, 256);
}

static void reads(void **state) {
    (void)state;
    check_read(CVM_OP_DIGITAL_READ, 22, MOCK_DIGITAL_READ, 1, 1);
    check_read(CVM_OP_DIGITAL_READ, -1, MOCK_DIGITAL_READ, 0, 0);
    check_read(CVM_OP_ANALOG_READ, 16, MOCK_ANALOG_READ, 4095, 4095);
    check_read(CVM_OP_BUTTON_PRESSED, 0, MOCK_BUTTON, 1, 1);
    check_read(CVM_OP_BUTTON_PRESSED, 0, MOCK_BUTTON, 0, 0);
    check_read(CVM_OP_BUTTON_RELEASED, 0, MOCK_BUTTON, 1, 0);
    check_read(CVM_OP_BUTTON_RELEASED, 1000, MOCK_BUTTON, 0, 1);
}

static void delay_takes_0_and_more(void **state) {
    (void)state;
    const int32_t times[] = {0, 100, INT32_MAX};
    for (size_t i = 0; i < LENGTH(times); i++) {
        rig self;
        rig_init(&self);
        PUSH(&self, times[i]);
        rig_step(&self, OP(CVM_OP_DELAY, 0, 0));
        rig_expect_empty(&self);
        expect_call(&self, MOCK_DELAY, 0, (uint32_t)times[i]);
    }
    CHECK_FAULT(OP(CVM_OP_DELAY, 0, 0), 12, -1);
    CHECK_FAULT(OP(CVM_OP_DELAY, 0, 0), 12, INT32_MIN);
}

static void time_wraps_into_int32(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.io.input = 0xFFFFFFFFU;
    rig_step(&self, OP(CVM_OP_MILLIS, 0, 0));
    EXPECT_STACK(&self, -1);
    expect_call(&self, MOCK_MILLIS, 0, 0);
    rig_init(&self);
    self.io.input = 0x80000000U;
    rig_step(&self, OP(CVM_OP_MICROS, 0, 0));
    EXPECT_STACK(&self, INT32_MIN);
    expect_call(&self, MOCK_MICROS, 0, 0);
}

static void printf_prints(void **state) {
    (void)state;
    const rig_text texts[] = {TEXT(""), TEXT("%d+%d")};
    rig self;
    rig_init(&self);
    rig_strings(&self, texts, LENGTH(texts));
    PUSH(&self, 1, 2, 3);
    rig_step(&self, OP(CVM_OP_PRINTF, 2, 1));
    EXPECT_STACK(&self, 1);
    expect_call(&self, MOCK_PRINT, 0, 0);
    assert_int_equal(self.io.length, 3);
    assert_memory_equal(self.io.text, "2+3", 3);
    rig_step(&self, OP(CVM_OP_PRINTF, 0, 0)); /* the empty text is printed like any other */
    EXPECT_STACK(&self, 1);
    assert_int_equal(self.io.calls, 2);
    assert_int_equal(self.io.length, 0);
}

static void printf_faults_print_nothing(void **state) {
    (void)state;
    const rig_text texts[] = {TEXT("%d %d"), TEXT("%q")};
    const struct {
        uint8_t flags;
        uint16_t id;
        uint8_t error;
    } cases[] = {{9, 0, 5}, {4, 7, 2}, {1, 0, 8}, {3, 0, 8}, {1, 1, 8}, {2, 2, 8}, {2, 0xFFFF, 8}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        rig self;
        rig_init(&self);
        rig_strings(&self, texts, LENGTH(texts));
        PUSH(&self, 1, 2, 3);
        rig_step(&self, OP(CVM_OP_PRINTF, cases[i].flags, cases[i].id));
        rig_expect_fault(&self, cases[i].error);
        assert_int_equal(self.io.calls, 0);
    }
}

static void a_refusal_is_its_fault_and_changes_nothing(void **state) {
    (void)state;
    const rig_text texts[] = {TEXT("text")};
    const uint8_t errors[] = {9, 12};
    for (size_t e = 0; e < LENGTH(errors); e++) {
        for (int opcode = CVM_OP_DIGITAL_WRITE; opcode <= CVM_OP_MICROS; opcode++) {
            rig self;
            rig_init(&self);
            rig_strings(&self, texts, LENGTH(texts));
            self.io.answer = errors[e];
            self.io.input = 1;
            PUSH(&self, 1, 1);
            rig_step(&self, OP(opcode, 0, 0));
            rig_expect_fault(&self, errors[e]);
            assert_int_equal(self.io.calls, 1);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digital_write_normalises),
        cmocka_unit_test(analog_write_takes_0_to_255),
        cmocka_unit_test(pin_mode_takes_0_to_3),
        cmocka_unit_test(reads),
        cmocka_unit_test(delay_takes_0_and_more),
        cmocka_unit_test(time_wraps_into_int32),
        cmocka_unit_test(printf_prints),
        cmocka_unit_test(printf_faults_print_nothing),
        cmocka_unit_test(a_refusal_is_its_fault_and_changes_nothing),
    };
    return cmocka_run_group_tests_name("io handlers", tests, NULL, NULL);
}
