/* The image reader on good images, and its CRC. */
#include "image_builder.h"
#include "rig.h"
#include "vm_crc32.h"
#include "vm_image.h"

static void expect_good(const image *self) {
    cvm_image out;
    assert_string_equal(cvm_image_reason_name(cvm_image_open(self->bytes, self->size, &out)), "ok");
    /* What the run loop relies on (vm_image.h). */
    const uint8_t *end = &out.code[(size_t)out.instruction_count * CVM_INSTRUCTION_SIZE];
    assert_true(end + CVM_INSTRUCTION_SIZE <= &self->bytes[self->size]);
    assert_int_equal(end[0], CVM_OP_HALT);
    assert_int_equal(end[1], 0);
}

static void crc32_is_zlibs(void **state) {
    (void)state;
    const uint8_t digits[] = "123456789";
    assert_int_equal(cvm_crc32(0, digits, 9), 0xCBF43926U); /* the catalogue's check value */
    assert_int_equal(cvm_crc32(0, digits, 0), 0);
    assert_int_equal(cvm_crc32(cvm_crc32(0, digits, 4), &digits[4], 5), 0xCBF43926U);
    uint8_t all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (uint8_t)i;
    }
    assert_int_equal(cvm_crc32(0, all, sizeof all),
                     0x29058C73U); /* python3: zlib.crc32(bytes(range(256))) */
}

static void a_good_image_opens(void **state) {
    (void)state;
    const image self = good_image();
    expect_good(&self);
    cvm_image out;
    assert_int_equal(cvm_image_open(self.bytes, self.size, &out), CVM_IMAGE_OK);
    assert_ptr_equal(out.code, &self.bytes[CODE]);
    assert_ptr_equal(out.strings, &self.bytes[STRINGS]);
    assert_int_equal(out.instruction_count, 3);
    assert_int_equal(out.string_count, 3);
    assert_int_equal(out.entry, 1);
    assert_int_equal(out.loop, 2);
}

static void its_strings_are_found(void **state) {
    (void)state;
    const image self = good_image();
    cvm_image out;
    rig runner;
    rig_init(&runner);
    assert_int_equal(cvm_image_open(self.bytes, self.size, &out), CVM_IMAGE_OK);
    cvm_engine_load(&runner.engine, &out);
    const uint8_t *bytes = NULL;
    uint8_t length = 99;
    assert_true(cvm_string_at(&runner.engine, 0, &bytes, &length));
    assert_int_equal(length, 2);
    assert_memory_equal(bytes, "ab", 2);
    assert_true(cvm_string_at(&runner.engine, 1, &bytes, &length));
    assert_int_equal(length, 0);
    assert_true(cvm_string_at(&runner.engine, 2, &bytes, &length));
    assert_int_equal(length, 3);
    assert_memory_equal(bytes, "xyz", 3);
    assert_false(cvm_string_at(&runner.engine, 3, &bytes, &length));
}

static void it_opens_without_debug_loop_or_strings(void **state) {
    (void)state;
    image self = good_image();
    self.bytes[5] = 0;
    self.size = WITHOUT_DEBUG;
    set32(&self, 12, WITHOUT_DEBUG);
    set32(&self, 48, 0);
    set16(&self, 22, 0xFFFF);
    seal(&self);
    expect_good(&self);

    set16(&self, 26, 0); /* no strings: a table of one offset, then 2 bytes of padding */
    set16(&self, STRINGS, 0);
    set16(&self, STRINGS + 2, 0);
    set32(&self, 40, 2);
    set32(&self, 44, STRINGS + 4);
    set32(&self, 12, STRINGS + 4);
    self.size = STRINGS + 4;
    seal(&self);
    expect_good(&self);
}

static void it_opens_at_any_alignment(void **state) {
    (void)state;
    const image self = good_image();
    for (size_t shift = 1; shift < 4; shift++) {
        image moved = {.size = SIZE};
        memcpy(&moved.bytes[shift], self.bytes, SIZE);
        cvm_image out;
        assert_int_equal(cvm_image_open(&moved.bytes[shift], SIZE, &out), CVM_IMAGE_OK);
        rig runner;
        rig_init(&runner);
        cvm_engine_load(&runner.engine, &out);
        assert_int_equal(cvm_instruction_at(&runner.engine, 1), 0x17161514);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32_is_zlibs),
        cmocka_unit_test(a_good_image_opens),
        cmocka_unit_test(its_strings_are_found),
        cmocka_unit_test(it_opens_without_debug_loop_or_strings),
        cmocka_unit_test(it_opens_at_any_alignment),
    };
    return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
