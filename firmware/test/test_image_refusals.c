/* The image reader: every reason to refuse an image. */
#include "image_builder.h"
#include "rig.h"
#include "vm_image.h"

static void expect(const image *self, cvm_image_reason reason) {
    cvm_image out;
    memset(&out, 0x5A, sizeof out);
    cvm_image untouched = out;
    const cvm_image_reason got = cvm_image_open(self->bytes, self->size, &out);
    assert_string_equal(cvm_image_reason_name(got), cvm_image_reason_name(reason));
    if (reason != CVM_IMAGE_OK) {
        assert_memory_equal(&out, &untouched, sizeof out);
    }
}

typedef struct change {
    size_t at;
    unsigned bytes; /* 1, 2 or 4 */
    uint32_t value;
    cvm_image_reason reason;
} change;

static const change changes[] = {
    {0, 1, 'c', CVM_IMAGE_BAD_MAGIC},
    {3, 1, 0, CVM_IMAGE_BAD_MAGIC},
    {4, 1, 0, CVM_IMAGE_BAD_VERSION},
    {4, 1, 2, CVM_IMAGE_BAD_VERSION},
    {5, 1, 3, CVM_IMAGE_BAD_FLAGS},
    {5, 1, 0x80, CVM_IMAGE_BAD_FLAGS},
    {6, 2, 48, CVM_IMAGE_BAD_HEADER_SIZE},
    {12, 4, SIZE - 1, CVM_IMAGE_BAD_SIZE},
    {12, 4, SIZE + 1, CVM_IMAGE_BAD_SIZE},
    {16, 4, CVM_ISA_HASH ^ 1U, CVM_IMAGE_BAD_ISA},
    {24, 2, 0, CVM_IMAGE_BAD_CODE},
    {24, 2, 4, CVM_IMAGE_BAD_CODE},
    {28, 4, 56, CVM_IMAGE_BAD_CODE},
    {32, 4, 16, CVM_IMAGE_BAD_CODE},
    {32, 4, 0xFFFFFFFC, CVM_IMAGE_BAD_CODE},
    {26, 2, 2, CVM_IMAGE_BAD_STRINGS},
    {26, 2, 4, CVM_IMAGE_BAD_STRINGS},
    {26, 2, 0xFFFF, CVM_IMAGE_BAD_STRINGS},
    {36, 4, STRINGS + 4, CVM_IMAGE_BAD_STRINGS},
    {36, 4, 0, CVM_IMAGE_BAD_STRINGS},
    {40, 4, STRING_BYTES + 1, CVM_IMAGE_BAD_STRINGS},
    {40, 4, STRING_BYTES - 1, CVM_IMAGE_BAD_STRINGS},
    {40, 4, 0, CVM_IMAGE_BAD_STRINGS},
    {40, 4, 0xFFFFFFFF, CVM_IMAGE_BAD_STRINGS},
    {STRINGS, 2, 1, CVM_IMAGE_BAD_STRINGS},
    {STRINGS + 4, 2, 1, CVM_IMAGE_BAD_STRINGS}, /* falls */
    {STRINGS + 4, 2, 6, CVM_IMAGE_BAD_STRINGS}, /* the next falls */
    {STRINGS + 6, 2, 6, CVM_IMAGE_BAD_STRINGS},
    {44, 4, DEBUG - 1, CVM_IMAGE_BAD_DEBUG},
    {44, 4, DEBUG + 4, CVM_IMAGE_BAD_DEBUG},
    {44, 4, 0xFFFFFFFF, CVM_IMAGE_BAD_DEBUG},
    {48, 4, 3, CVM_IMAGE_BAD_DEBUG},
    {48, 4, 0, CVM_IMAGE_BAD_DEBUG},
    {48, 4, 0xFFFFFFFF, CVM_IMAGE_BAD_DEBUG},
    {5, 1, 0, CVM_IMAGE_BAD_DEBUG}, /* a section without its flag */
    {PADDING, 1, 1, CVM_IMAGE_BAD_DEBUG},
    {PADDING + 2, 1, 1, CVM_IMAGE_BAD_DEBUG},
    {20, 2, 3, CVM_IMAGE_BAD_ENTRY},
    {20, 2, 0xFFFF, CVM_IMAGE_BAD_ENTRY},
    {22, 2, 3, CVM_IMAGE_BAD_LOOP},
    {22, 2, 0xFFFE, CVM_IMAGE_BAD_LOOP},
};

static void each_bad_field_has_its_reason(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(changes); i++) {
        image self = good_image();
        const change *c = &changes[i];
        if (c->bytes == 1) {
            self.bytes[c->at] = (uint8_t)c->value;
        } else if (c->bytes == 2) {
            set16(&self, c->at, c->value);
        } else {
            set32(&self, c->at, c->value);
        }
        seal(&self);
        cvm_image out;
        const cvm_image_reason got = cvm_image_open(self.bytes, self.size, &out);
        if (got != c->reason) {
            fail_msg("change %d: %s instead of %s", (int)i, cvm_image_reason_name(got),
                     cvm_image_reason_name(c->reason));
        }
    }
}

static void a_flag_without_its_section_is_bad_debug(void **state) {
    (void)state;
    image self = good_image();
    self.size = WITHOUT_DEBUG;
    set32(&self, 12, WITHOUT_DEBUG);
    set32(&self, 48, 0);
    seal(&self);
    expect(&self, CVM_IMAGE_BAD_DEBUG);
}

static void a_string_over_255_bytes_is_refused(void **state) {
    (void)state;
    static uint8_t bytes[52 + 4 + 4 + 256];
    for (uint32_t length = 255; length <= 256; length++) {
        image header = good_image();
        const uint32_t padded = (4U + length + 3U) / 4U * 4U;
        header.bytes[5] = 0;
        set32(&header, 12, 52 + 4 + padded);
        set16(&header, 20, 0);
        set16(&header, 22, 0xFFFF);
        set16(&header, 24, 1);
        set16(&header, 26, 1);
        set32(&header, 32, 4);
        set32(&header, 36, 56);
        set32(&header, 40, 4U + length);
        set32(&header, 44, 56U + padded);
        set32(&header, 48, 0);
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, header.bytes, 52);
        bytes[58] = (uint8_t)length;
        bytes[59] = (uint8_t)(length >> 8);
        const uint32_t total = 56U + padded;
        const uint32_t crc = slow_crc(slow_crc(0, bytes, 8), &bytes[12], total - 12U);
        for (size_t i = 0; i < 4; i++) {
            bytes[8 + i] = (uint8_t)(crc >> (8 * i));
        }
        cvm_image out;
        assert_int_equal(cvm_image_open(bytes, total, &out),
                         length == 255 ? CVM_IMAGE_OK : CVM_IMAGE_BAD_STRINGS);
    }
}

static void every_flipped_bit_is_refused(void **state) {
    (void)state;
    const image good = good_image();
    for (size_t bit = 0; bit < 8U * (size_t)SIZE; bit++) {
        image self = good;
        self.bytes[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        cvm_image out;
        assert_int_not_equal(cvm_image_open(self.bytes, self.size, &out), CVM_IMAGE_OK);
    }
}

static void every_shorter_length_is_refused(void **state) {
    (void)state;
    const image good = good_image();
    cvm_image out;
    for (size_t size = 0; size < SIZE; size++) {
        const cvm_image_reason expected = size < 52 ? CVM_IMAGE_TOO_SHORT : CVM_IMAGE_BAD_SIZE;
        assert_int_equal(cvm_image_open(good.bytes, size, &out), expected);
    }
    assert_int_equal(cvm_image_open(good.bytes, SIZE + 1, &out), CVM_IMAGE_BAD_SIZE);
    assert_int_equal(cvm_image_open(NULL, 0, &out), CVM_IMAGE_TOO_SHORT);
}

/* The first reason in the documented order wins. */
static void reasons_are_judged_in_order(void **state) {
    (void)state;
    image self = good_image();
    set16(&self, 22, 9);
    seal(&self);
    expect(&self, CVM_IMAGE_BAD_LOOP);
    set16(&self, 20, 9);
    seal(&self);
    expect(&self, CVM_IMAGE_BAD_ENTRY);
    self.bytes[PADDING] = 1;
    seal(&self);
    expect(&self, CVM_IMAGE_BAD_DEBUG);
    set16(&self, STRINGS, 1);
    seal(&self);
    expect(&self, CVM_IMAGE_BAD_STRINGS);
    set32(&self, 28, 0);
    seal(&self);
    expect(&self, CVM_IMAGE_BAD_CODE);
    set32(&self, 16, 0);
    seal(&self);
    expect(&self, CVM_IMAGE_BAD_ISA);
    self.bytes[CODE] ^= 1;
    expect(&self, CVM_IMAGE_BAD_CRC);
    set32(&self, 12, 0);
    expect(&self, CVM_IMAGE_BAD_SIZE);
    set16(&self, 6, 0);
    expect(&self, CVM_IMAGE_BAD_HEADER_SIZE);
    self.bytes[5] = 2;
    expect(&self, CVM_IMAGE_BAD_FLAGS);
    self.bytes[4] = 9;
    expect(&self, CVM_IMAGE_BAD_VERSION);
    self.bytes[0] = 0;
    expect(&self, CVM_IMAGE_BAD_MAGIC);
    self.size = 51;
    expect(&self, CVM_IMAGE_TOO_SHORT);
}

static void reasons_have_the_documents_names(void **state) {
    (void)state;
    const char *const names[] = {"ok",        "too-short",       "bad-magic",   "bad-version",
                                 "bad-flags", "bad-header-size", "bad-size",    "bad-crc",
                                 "bad-isa",   "bad-code",        "bad-strings", "bad-debug",
                                 "bad-entry", "bad-loop"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        assert_string_equal(cvm_image_reason_name((cvm_image_reason)i), names[i]);
    }
    assert_string_equal(cvm_image_reason_name((cvm_image_reason)LENGTH(names)), "unknown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bad_field_has_its_reason),
        cmocka_unit_test(a_flag_without_its_section_is_bad_debug),
        cmocka_unit_test(a_string_over_255_bytes_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(every_shorter_length_is_refused),
        cmocka_unit_test(reasons_are_judged_in_order),
        cmocka_unit_test(reasons_have_the_documents_names),
    };
    return cmocka_run_group_tests_name("image refusals", tests, NULL, NULL);
}
