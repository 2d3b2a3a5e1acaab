#include "rig.h"

void rig_init(rig *self) {
    memset(self, 0, sizeof *self);
    self->ops = mock_memory_ops(&self->memory);
    self->controller = mock_io_controller(&self->io);
    cvm_engine_init(&self->engine, &self->ops, &self->controller);
    const cvm_image image = {.code = self->code,
                             .strings = self->strings,
                             .instruction_count = RIG_INSTRUCTIONS,
                             .string_count = 0,
                             .entry = 0,
                             .loop = CVM_NO_LOOP};
    cvm_engine_load(&self->engine, &image);
}

void rig_program(rig *self, const uint32_t *words, size_t count) {
    assert_true(count <= RIG_INSTRUCTIONS);
    for (size_t i = 0; i < count; i++) {
        for (size_t byte = 0; byte < 4; byte++) {
            self->code[4 * i + byte] = (uint8_t)(words[i] >> (8 * byte));
        }
    }
}

void rig_strings(rig *self, const rig_text *texts, size_t count) {
    size_t table = 0;
    size_t at = 2 * (count + 1);
    size_t offset = 0;
    for (size_t i = 0; i <= count; i++) {
        self->strings[table] = (uint8_t)offset;
        self->strings[table + 1] = (uint8_t)(offset >> 8);
        table += 2;
        if (i < count) {
            assert_true(at + texts[i].length <= RIG_STRING_BYTES);
            memcpy(&self->strings[at], texts[i].bytes, texts[i].length);
            at += texts[i].length;
            offset += texts[i].length;
        }
    }
    self->engine.string_count = (uint16_t)count;
}

void rig_push(rig *self, const int32_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        self->engine.stack[self->engine.sp] = values[i];
        self->engine.sp++;
    }
}

void rig_fill(rig *self, uint32_t count) {
    while (self->engine.sp < count) {
        const int32_t value = 1000 + (int32_t)self->engine.sp;
        rig_push(self, &value, 1);
    }
}

void rig_step(rig *self, uint32_t word) {
    for (size_t byte = 0; byte < 4; byte++) {
        self->code[4U * self->engine.pc + byte] = (uint8_t)(word >> (8 * byte));
    }
    self->before = self->engine;
    self->result = cvm_step(&self->engine);
}

void rig_expect(const rig *self, const int32_t *values, size_t count) {
    assert_int_equal(self->engine.error, CVM_ERR_NONE);
    assert_int_equal(self->result, CVM_STEP_DONE);
    assert_int_equal(self->engine.state, CVM_STATE_READY);
    assert_int_equal(self->engine.pc, self->before.pc + 1);
    assert_int_equal(self->engine.steps, self->before.steps + 1);
    assert_int_equal(self->engine.sp, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(self->engine.stack[i], values[i]);
    }
}

void rig_expect_empty(const rig *self) {
    rig_expect(self, NULL, 0);
}

void rig_expect_fault(const rig *self, uint8_t error) {
    assert_int_equal(self->engine.error, error);
    assert_int_equal(self->result, CVM_STEP_FAULTED);
    assert_int_equal(self->engine.state, CVM_STATE_FAULTED);
    cvm_engine expected = self->before;
    expected.error = error;
    expected.state = CVM_STATE_FAULTED;
    assert_memory_equal(&self->engine, &expected, sizeof expected);
}

static void check_one(rig *self, uint32_t word, const int32_t *values, size_t count) {
    rig_init(self);
    rig_push(self, values, count);
    rig_step(self, word);
}

void rig_check_fault(uint32_t word, const int32_t *values, size_t count, uint8_t error) {
    rig self;
    check_one(&self, word, values, count);
    rig_expect_fault(&self, error);
    assert_int_equal(self.memory.calls, 0);
    assert_int_equal(self.io.calls, 0);
}

void rig_check_result(uint32_t word, const int32_t *values, size_t count, int32_t result) {
    rig self;
    check_one(&self, word, values, count);
    rig_expect(&self, &result, 1);
}
