/*
 * Each handler once, with mock memory and mock io: which operation it asks for with which
 * arguments, that it asks for no other, and what the refusal of that operation does. The table is
 * made from CVM_OPCODES, so that a handler without a row doesn't compile.
 */
#include "rig.h"
#include "vm_handlers.h"

enum { VALUES = 4 };

typedef struct mock_row {
    uint8_t flags;
    uint16_t immediate;
    uint8_t before_count;
    int32_t before[VALUES]; /* the stack, with a call frame from index 0 on */
    uint8_t after_count;
    int32_t after[VALUES];
    enum mock_memory_op memory; /* what it asks memory for; 0 = nothing */
    enum mock_io_op io;         /* what it asks io for; 0 = nothing */
    int32_t first;              /* id, pin or button asked for */
    uint32_t second;            /* index, size, level, mode or milliseconds asked for */
    int32_t third;              /* value asked to be stored */
    int32_t given;              /* what a load or read gives */
} mock_row;

#define BEFORE(...)                                                                                \
    .before = {__VA_ARGS__}, .before_count = (uint8_t)LENGTH(((const int32_t[]){__VA_ARGS__}))
#define AFTER(...)                                                                                 \
    .after = {__VA_ARGS__}, .after_count = (uint8_t)LENGTH(((const int32_t[]){__VA_ARGS__}))
/* An instruction `a b -- r` that asks for nothing. */
#define TWO(a, b, r)                                                                               \
    { BEFORE(77, a, b), AFTER(77, r) }

static const mock_row row_halt = {BEFORE(7), AFTER(7)};
static const mock_row row_push = {.immediate = 5, BEFORE(7), AFTER(7, 5)};
static const mock_row row_pop = {BEFORE(7, 8), AFTER(7)};
static const mock_row row_add = TWO(7, 3, 10);
static const mock_row row_sub = TWO(7, 3, 4);
static const mock_row row_mul = TWO(7, 3, 21);
static const mock_row row_div = TWO(7, 3, 2);
static const mock_row row_mod = TWO(7, 3, 1);
static const mock_row row_call = {.immediate = 1, .flags = 1, BEFORE(7, 8), AFTER(7, 8)};
static const mock_row row_ret = {.flags = 1, BEFORE(7, 8, 9), AFTER(9)};
static const mock_row row_digital_write = {BEFORE(77, 13, -5), AFTER(77), .io = MOCK_DIGITAL_WRITE,
                                           .first = 13, .second = 1};
static const mock_row row_digital_read = {BEFORE(77, 22), AFTER(77, 1), .io = MOCK_DIGITAL_READ,
                                          .first = 22, .given = 1};
static const mock_row row_analog_write = {BEFORE(77, 3, 255), AFTER(77), .io = MOCK_ANALOG_WRITE,
                                          .first = 3, .second = 255};
static const mock_row row_analog_read = {BEFORE(77, 16), AFTER(77, 4095), .io = MOCK_ANALOG_READ,
                                         .first = 16, .given = 4095};
static const mock_row row_delay = {BEFORE(77, 250), AFTER(77), .io = MOCK_DELAY, .second = 250};
static const mock_row row_button_pressed = {BEFORE(77, 2), AFTER(77, 1), .io = MOCK_BUTTON,
                                            .first = 2, .given = 1};
static const mock_row row_button_released = {BEFORE(77, 2), AFTER(77, 0), .io = MOCK_BUTTON,
                                             .first = 2, .given = 1};
static const mock_row row_pin_mode = {BEFORE(77, 13, 3), AFTER(77), .io = MOCK_PIN_MODE,
                                      .first = 13, .second = 3};
static const mock_row row_printf = {.flags = 2, BEFORE(77, 1, -2), AFTER(77), .io = MOCK_PRINT};
static const mock_row row_millis = {BEFORE(77), AFTER(77, -2), .io = MOCK_MILLIS, .given = -2};
static const mock_row row_micros = {BEFORE(77), AFTER(77, 1234), .io = MOCK_MICROS, .given = 1234};
static const mock_row row_eq = TWO(-1, 1, 0);
static const mock_row row_ne = TWO(-1, 1, 1);
static const mock_row row_lt = TWO(-1, 1, 0);
static const mock_row row_gt = TWO(-1, 1, 1);
static const mock_row row_le = TWO(-1, 1, 0);
static const mock_row row_ge = TWO(-1, 1, 1);
static const mock_row row_eq_signed = TWO(-1, 1, 0);
static const mock_row row_ne_signed = TWO(-1, 1, 1);
static const mock_row row_lt_signed = TWO(-1, 1, 1);
static const mock_row row_gt_signed = TWO(-1, 1, 0);
static const mock_row row_le_signed = TWO(-1, 1, 1);
static const mock_row row_ge_signed = TWO(-1, 1, 0);
static const mock_row row_jmp = {BEFORE(7), AFTER(7)};
static const mock_row row_jmp_true = {BEFORE(7, 1), AFTER(7)};
static const mock_row row_jmp_false = {BEFORE(7, 0), AFTER(7)};
static const mock_row row_and = TWO(2, 4, 1);
static const mock_row row_or = TWO(0, 4, 1);
static const mock_row row_not = {BEFORE(77, 0), AFTER(77, 1)};
static const mock_row row_load_global = {.immediate = 63,
                                         BEFORE(77),
                                         AFTER(77, -5),
                                         .memory = MOCK_LOAD_GLOBAL,
                                         .first = 63,
                                         .given = -5};
static const mock_row row_store_global = {.immediate = 0xFFFF,
                                          BEFORE(77, -5),
                                          AFTER(77),
                                          .memory = MOCK_STORE_GLOBAL,
                                          .first = 0xFFFF,
                                          .third = -5};
static const mock_row row_load_local = {BEFORE(7, 8), AFTER(7, 8, 7)};
static const mock_row row_store_local = {BEFORE(7, 8), AFTER(8)};
static const mock_row row_load_array = {.immediate = 15,
                                        BEFORE(77, 63),
                                        AFTER(77, -5),
                                        .memory = MOCK_LOAD_ARRAY,
                                        .first = 15,
                                        .second = 63,
                                        .given = -5};
static const mock_row row_store_array = {.immediate = 0x101,
                                         BEFORE(77, 0x10005, -5),
                                         AFTER(77),
                                         .memory = MOCK_STORE_ARRAY,
                                         .first = 0x101,
                                         .second = 0x10005,
                                         .third = -5};
static const mock_row row_create_array = {.immediate = 3,
                                          BEFORE(77, 64),
                                          AFTER(77),
                                          .memory = MOCK_CREATE_ARRAY,
                                          .first = 3,
                                          .second = 64};
static const mock_row row_bitwise_and = TWO(12, 10, 8);
static const mock_row row_bitwise_or = TWO(12, 10, 14);
static const mock_row row_bitwise_xor = TWO(12, 10, 6);
static const mock_row row_bitwise_not = {BEFORE(77, 5), AFTER(77, -6)};
static const mock_row row_shift_left = TWO(5, 2, 20);
static const mock_row row_shift_right = TWO(-5, 1, -3);

#define ENTRY(code, NAME, name) {code, #NAME, &row_##name},
static const struct entry {
    uint8_t opcode;
    const char *name;
    const mock_row *row;
} entries[] = {CVM_OPCODES(ENTRY)};

/* An engine one step before the instruction, in a function whose frame begins at index 0. */
static void prepare(rig *self, const mock_row *row) {
    static const rig_text texts[] = {TEXT("%d|%d")};
    rig_init(self);
    rig_strings(self, texts, LENGTH(texts));
    self->engine.depth = 1;
    self->engine.frames[0] = (cvm_frame){.return_pc = 9, .frame_base = 0};
    self->memory.loaded = row->given;
    self->io.input = (uint32_t)row->given;
    rig_push(self, row->before, row->before_count);
}

static void expect_asked(const rig *self, const mock_row *row) {
    assert_int_equal(self->memory.calls, row->memory != 0);
    assert_int_equal(self->io.calls, row->io != 0);
    if (row->memory != 0) {
        assert_int_equal(self->memory.op, row->memory);
        assert_int_equal(self->memory.id, row->first);
        assert_int_equal(self->memory.index, row->second);
        assert_int_equal(self->memory.value, row->third);
    }
    if (row->io != 0) {
        assert_int_equal(self->io.op, row->io);
        assert_int_equal(self->io.pin, row->first);
        assert_int_equal(self->io.value, row->second);
    }
    if (row->io == MOCK_PRINT) {
        assert_int_equal(self->io.length, 4);
        assert_memory_equal(self->io.text, "1|-2", 4);
    }
}

static void asks_for_that_operation_and_for_no_other(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(entries); i++) {
        const mock_row *row = entries[i].row;
        rig self;
        print_message("%s\n", entries[i].name);
        prepare(&self, row);
        rig_step(&self, OP(entries[i].opcode, row->flags, row->immediate));
        assert_int_equal(self.engine.error, CVM_ERR_NONE);
        assert_int_equal(self.result, CVM_STEP_DONE);
        assert_int_equal(self.engine.sp, row->after_count);
        for (uint8_t n = 0; n < row->after_count; n++) {
            assert_int_equal(self.engine.stack[n], row->after[n]);
        }
        expect_asked(&self, row);
    }
}

static void refused_it_is_that_fault_and_nothing_changed(void **state) {
    (void)state;
    const uint8_t answers[] = {CVM_ERR_HARDWARE_FAULT, CVM_ERR_INVALID_ARGUMENT};
    for (size_t i = 0; i < LENGTH(entries); i++) {
        const mock_row *row = entries[i].row;
        if (row->memory == 0 && row->io == 0) {
            continue;
        }
        for (size_t n = 0; n < LENGTH(answers); n++) {
            rig self;
            prepare(&self, row);
            self.memory.answer = false;
            self.io.answer = answers[n];
            rig_step(&self, OP(entries[i].opcode, row->flags, row->immediate));
            rig_expect_fault(&self, row->memory != 0 ? CVM_ERR_MEMORY_BOUNDS : answers[n]);
            expect_asked(&self, row);
        }
    }
}

static void every_handler_has_a_row(void **state) {
    (void)state;
    assert_int_equal(LENGTH(entries), CVM_OPCODE_COUNT);
    for (int opcode = 0; opcode < 256; opcode++) {
        size_t rows = 0;
        for (size_t i = 0; i < LENGTH(entries); i++) {
            rows += entries[i].opcode == opcode;
        }
        assert_int_equal(rows, cvm_dispatch_table[opcode] != NULL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_for_that_operation_and_for_no_other),
        cmocka_unit_test(refused_it_is_that_fault_and_nothing_changed),
        cmocka_unit_test(every_handler_has_a_row),
    };
    return cmocka_run_group_tests_name("handlers with mocks", tests, NULL, NULL);
}
