/* The image reader: a good image, and every reason to refuse one. */
#include "rig.h"
#include "vm_crc32.h"
#include "vm_image.h"

/* An image built by hand: 3 instructions, strings "ab", "", "xyz" (13 bytes with their table),
 * padding, debug "{}  ". */
enum {
    CODE = 52,
    STRINGS = CODE + 12,
    STRING_BYTES = 8 + 5,
    PADDING = STRINGS + STRING_BYTES,
    DEBUG = PADDING + 3,
    SIZE = DEBUG + 4,
    WITHOUT_DEBUG = DEBUG,
};

typedef struct image {
    uint8_t bytes[SIZE + 8];
    size_t size;
} image;

static void set16(image *self, size_t at, uint32_t value) {
    self->bytes[at] = (uint8_t)value;
    self->bytes[at + 1] = (uint8_t)(value >> 8);
}

static void set32(image *self, size_t at, uint32_t value) {
    set16(self, at, value);
    set16(self, at + 2, value >> 16);
}

/* CRC-32 a bit at a time, apart from the one under test. */
static uint32_t slow_crc(uint32_t crc, const uint8_t *bytes, size_t size) {
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
        }
    }
    return ~crc;
}

static void seal(image *self) {
    set32(self, 8, slow_crc(slow_crc(0, self->bytes, 8), &self->bytes[12], self->size - 12));
}

static image good_image(void) {
    image self = {.size = SIZE};
    memcpy(self.bytes, "CVBC", 4);
    self.bytes[4] = 1;
    self.bytes[5] = 1;
    set16(&self, 6, 52);
    set32(&self, 12, SIZE);
    set32(&self, 16, CVM_ISA_HASH);
    set16(&self, 20, 1); /* entry */
    set16(&self, 22, 2); /* loop */
    set16(&self, 24, 3);
    set16(&self, 26, 3);
    set32(&self, 28, CODE);
    set32(&self, 32, 12);
    set32(&self, 36, STRINGS);
    set32(&self, 40, STRING_BYTES);
    set32(&self, 44, DEBUG);
    set32(&self, 48, 4);
    for (uint8_t i = 0; i < 12; i++) {
        self.bytes[CODE + i] = (uint8_t)(0x10 + i);
    }
    set16(&self, STRINGS, 0);
    set16(&self, STRINGS + 2, 2);
    set16(&self, STRINGS + 4, 2);
    set16(&self, STRINGS + 6, 5);
    memcpy(&self.bytes[STRINGS + 8], "abxyz", 5);
    memcpy(&self.bytes[DEBUG], "{}  ", 4);
    seal(&self);
    return self;
}

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
    expect(&self, CVM_IMAGE_OK);

    set16(&self, 26, 0); /* no strings: a table of one offset, then 2 bytes of padding */
    set16(&self, STRINGS, 0);
    set16(&self, STRINGS + 2, 0);
    set32(&self, 40, 2);
    set32(&self, 44, STRINGS + 4);
    set32(&self, 12, STRINGS + 4);
    self.size = STRINGS + 4;
    seal(&self);
    expect(&self, CVM_IMAGE_OK);
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
        cmocka_unit_test(crc32_is_zlibs),
        cmocka_unit_test(a_good_image_opens),
        cmocka_unit_test(its_strings_are_found),
        cmocka_unit_test(it_opens_without_debug_loop_or_strings),
        cmocka_unit_test(it_opens_at_any_alignment),
        cmocka_unit_test(each_bad_field_has_its_reason),
        cmocka_unit_test(a_flag_without_its_section_is_bad_debug),
        cmocka_unit_test(a_string_over_255_bytes_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(every_shorter_length_is_refused),
        cmocka_unit_test(reasons_are_judged_in_order),
        cmocka_unit_test(reasons_have_the_documents_names),
    };
    return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
