/* The text of a PRINTF, by the rules of docs/vm.md. Expected texts are what C's printf gives where
 * it has a say. */
#include "rig.h"
#include "vm_printf.h"

#define MAX_ARGUMENTS 8

typedef struct good {
    rig_text format;
    uint8_t count;
    int32_t arguments[MAX_ARGUMENTS];
    rig_text text;
} good;

typedef struct bad {
    rig_text format;
    uint8_t count;
    int32_t arguments[MAX_ARGUMENTS];
} bad;

/* Strings 1 and 2 for %s; string 0 is the format. */
#define WORD TEXT("word")
#define PERCENT TEXT("100%d")

static const good good_cases[] = {
    {TEXT(""), 0, {0}, TEXT("")},
    {TEXT("plain"), 0, {0}, TEXT("plain")},
    {TEXT("\xC3\xBC\xF0\x9F\x94\xB4"), 0, {0}, TEXT("\xC3\xBC\xF0\x9F\x94\xB4")},
    {TEXT("a\0b"), 0, {0}, TEXT("a\0b")},
    {TEXT("100%%"), 0, {0}, TEXT("100%")},
    {TEXT("%%d"), 0, {0}, TEXT("%d")},
    {TEXT("%%%d%%"), 1, {5}, TEXT("%5%")},
    {TEXT("%d"), 1, {0}, TEXT("0")},
    {TEXT("%d"), 1, {INT32_MAX}, TEXT("2147483647")},
    {TEXT("%d"), 1, {INT32_MIN}, TEXT("-2147483648")},
    {TEXT("%i"), 1, {-7}, TEXT("-7")},
    {TEXT("%u"), 1, {-1}, TEXT("4294967295")},
    {TEXT("%x"), 1, {0}, TEXT("0")},
    {TEXT("%x"), 1, {0xBEEF}, TEXT("beef")},
    {TEXT("%X"), 1, {-1}, TEXT("FFFFFFFF")},
    {TEXT("%c%c"), 2, {'A', 0x1FF}, TEXT("A\xFF")},
    {TEXT("%c"), 1, {0}, TEXT("\0")},
    {TEXT("%s"), 1, {1}, TEXT("word")},
    {TEXT("%s"), 1, {2}, TEXT("100%d")},
    {TEXT("%d %d %d %d %d %d %d %d"), 8, {1, 2, 3, 4, 5, 6, 7, 8}, TEXT("1 2 3 4 5 6 7 8")},
    {TEXT("[%5d]"), 1, {-42}, TEXT("[  -42]")},
    {TEXT("[%-5d]"), 1, {-42}, TEXT("[-42  ]")},
    {TEXT("[%05d]"), 1, {-42}, TEXT("[-0042]")},
    {TEXT("[%05d]"), 1, {42}, TEXT("[00042]")},
    {TEXT("[%-05d]"), 1, {42}, TEXT("[42   ]")},
    {TEXT("[%0-5d]"), 1, {42}, TEXT("[42   ]")},
    {TEXT("[%005d]"), 1, {42}, TEXT("[00042]")},
    {TEXT("[%--5d]"), 1, {42}, TEXT("[42   ]")},
    {TEXT("[%2d]"), 1, {12345}, TEXT("[12345]")},
    {TEXT("[%02d]"), 1, {-42}, TEXT("[-42]")},
    {TEXT("[%010u]"), 1, {-1}, TEXT("[4294967295]")},
    {TEXT("[%011u]"), 1, {-1}, TEXT("[04294967295]")},
    {TEXT("[%012d]"), 1, {INT32_MIN}, TEXT("[-02147483648]")},
    {TEXT("[%08x]"), 1, {0xAB}, TEXT("[000000ab]")},
    {TEXT("[%-8X]"), 1, {0xAB}, TEXT("[AB      ]")},
    {TEXT("[%3c]"), 1, {'x'}, TEXT("[  x]")},
    {TEXT("[%-3c]"), 1, {'x'}, TEXT("[x  ]")},
    {TEXT("[%6s]"), 1, {1}, TEXT("[  word]")},
    {TEXT("[%-6s]"), 1, {1}, TEXT("[word  ]")},
    {TEXT("[%3s]"), 1, {1}, TEXT("[word]")},
    {TEXT("[%10d]"), 1, {7}, TEXT("[         7]")},
    {TEXT("%0d%-d%-s"), 3, {1, 2, 1}, TEXT("12word")},
    {TEXT("%15d%d"), 2, {1, 2}, TEXT("              12")},
};

static const bad bad_cases[] = {
    {TEXT("%"), 0, {0}},      {TEXT("%"), 1, {0}},        {TEXT("text%"), 0, {0}},
    {TEXT("%5"), 1, {0}},     {TEXT("%-"), 1, {0}},       {TEXT("%0"), 1, {0}},
    {TEXT("%l"), 1, {0}},     {TEXT("%ld"), 1, {0}},      {TEXT("%p"), 1, {0}},
    {TEXT("%f"), 1, {0}},     {TEXT("%o"), 1, {0}},       {TEXT("%n"), 1, {0}},
    {TEXT("%.2d"), 1, {0}},   {TEXT("%+d"), 1, {0}},      {TEXT("% d"), 1, {0}},
    {TEXT("%#x"), 1, {0}},    {TEXT("%*d"), 2, {5, 0}},   {TEXT("%123d"), 1, {0}},
    {TEXT("%0123d"), 1, {0}}, {TEXT("%5-d"), 1, {0}},     {TEXT("%5%"), 0, {0}},
    {TEXT("%5%"), 1, {0}},    {TEXT("%-%"), 1, {0}},      {TEXT("%D"), 1, {0}},
    {TEXT("%\0d"), 1, {0}},   {TEXT("%05s"), 1, {1}},     {TEXT("%0s"), 1, {1}},
    {TEXT("%-0c"), 1, {1}},   {TEXT("%d"), 0, {0}},       {TEXT("%d%d"), 1, {0}},
    {TEXT("%d"), 2, {0}},     {TEXT("none"), 1, {0}},     {TEXT("%s"), 1, {3}},
    {TEXT("%s"), 1, {-1}},    {TEXT("%s"), 1, {0x10001}}, {TEXT("%s"), 1, {INT32_MIN}},
};

static bool format(rig *self, const rig_text *text, const int32_t *arguments, uint8_t count,
                   uint8_t *out, uint8_t *length) {
    const rig_text texts[] = {*text, WORD, PERCENT};
    rig_init(self);
    rig_strings(self, texts, LENGTH(texts));
    return cvm_format(&self->engine, 0, arguments, count, out, length);
}

static void good_formats(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(good_cases); i++) {
        const good *c = &good_cases[i];
        rig self;
        uint8_t out[CVM_PRINT_LENGTH];
        uint8_t length = 0;
        if (!format(&self, &c->format, c->arguments, c->count, out, &length)) {
            fail_msg("'%s' was refused", c->format.bytes);
        }
        if (length != c->text.length || memcmp(out, c->text.bytes, length) != 0) {
            fail_msg("'%s' gave '%.*s'", c->format.bytes, (int)length, (const char *)out);
        }
    }
}

static void bad_formats(void **state) {
    (void)state;
    for (size_t i = 0; i < LENGTH(bad_cases); i++) {
        const bad *c = &bad_cases[i];
        rig self;
        uint8_t out[CVM_PRINT_LENGTH];
        uint8_t length = 0;
        if (format(&self, &c->format, c->arguments, c->count, out, &length)) {
            fail_msg("'%s' with %d arguments was accepted", c->format.bytes, (int)c->count);
        }
    }
}

static void unknown_string(void **state) {
    (void)state;
    rig self;
    uint8_t out[CVM_PRINT_LENGTH];
    uint8_t length = 0;
    rig_init(&self);
    assert_false(cvm_format(&self.engine, 0, NULL, 0, out, &length));
    const rig_text texts[] = {WORD};
    rig_strings(&self, texts, 1);
    assert_true(cvm_format(&self.engine, 0, NULL, 0, out, &length));
    assert_false(cvm_format(&self.engine, 1, NULL, 0, out, &length));
    assert_false(cvm_format(&self.engine, 0xFFFF, NULL, 0, out, &length));
}

/* 255 bytes of output are allowed, 256 are not, whatever made the last one. */
static void at_most_255_bytes(void **state) {
    (void)state;
    char pad[256];
    memset(pad, 'x', sizeof pad);
    memcpy(&pad[250], "%5d%c", 5);
    const rig_text five_more = {pad, 253}; /* 250 + "%5d" */
    const rig_text six_more = {pad, 255};  /* 250 + "%5d%c" */
    const int32_t arguments[] = {1, 'c'};
    rig self;
    uint8_t out[CVM_PRINT_LENGTH + 1];
    uint8_t length = 0;
    out[CVM_PRINT_LENGTH] = 0xA5;
    assert_true(format(&self, &five_more, arguments, 1, out, &length));
    assert_int_equal(length, 255);
    assert_memory_equal(&out[250], "    1", 5);
    assert_false(format(&self, &six_more, arguments, 2, out, &length));
    memcpy(&pad[250], "%-6d.", 5);
    const rig_text left = {pad, 254};
    assert_false(format(&self, &left, arguments, 1, out, &length));
    memcpy(&pad[250], "%06d.", 5);
    const rig_text zeros = {pad, 254};
    assert_false(format(&self, &zeros, arguments, 1, out, &length));
    memset(pad, 'x', sizeof pad);
    memcpy(&pad[252], "%s", 2);
    const rig_text string = {pad, 254};
    assert_false(format(&self, &string, arguments, 1, out, &length));
    memset(pad, 'x', sizeof pad);
    const rig_text plain = {pad, 255};
    assert_true(format(&self, &plain, NULL, 0, out, &length));
    assert_int_equal(length, 255);
    assert_int_equal(out[CVM_PRINT_LENGTH], 0xA5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_formats),
        cmocka_unit_test(bad_formats),
        cmocka_unit_test(unknown_string),
        cmocka_unit_test(at_most_255_bytes),
    };
    return cmocka_run_group_tests_name("printf", tests, NULL, NULL);
}
