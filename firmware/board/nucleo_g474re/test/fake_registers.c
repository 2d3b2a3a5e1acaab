#include "fake_registers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fake_chip.h"

/** Addresses that a driver may use, and no others (RM0440 2.2.2; DDI 0403 B3.2). */
static const struct {
    uint32_t base;
    uint32_t bytes;
} blocks[] = {
    {0x1FFF7000U, 0x1000U},  /* system memory */
    {0x40000000U, 0x15000U}, /* APB1 and APB2: timers, IWDG, PWR */
    {0x40021000U, 0x2000U},  /* RCC, flash interface */
    {0x48000000U, 0x1C00U},  /* GPIOA to GPIOG */
    {0x50000000U, 0xC00U},   /* ADC1, ADC2, DAC1 */
    {0xE000E000U, 0x1000U},  /* system control space */
    {0xE0042000U, 0x1000U},  /* DBGMCU */
};
enum {
    BLOCKS = sizeof blocks / sizeof blocks[0],
    WORDS = (0x1000 + 0x15000 + 0x2000 + 0x1C00 + 0xC00 + 0x1000 + 0x1000) / 4,
    WRITES_MAX = 512,
};

/* volatile: stores to it are seen here, in another file than where they are made. */
static volatile uint32_t words[WORDS];
static fake_behaviour behaviour;
static fake_write writes[WRITES_MAX];
static size_t write_count;
static uint32_t access_count;
uint32_t fake_irq_masks, fake_irq_masked;
/** The store being made: its callback comes before it. 0 = none. */
static uint32_t storing;
static uint32_t stored_over;
/** Words with a load after their last store. */
static bool read_back[WORDS];

static size_t index_of(uint32_t address) {
    size_t before = 0;
    for (size_t i = 0; i < BLOCKS; i++) {
        if (address - blocks[i].base < blocks[i].bytes) {
            return (before + address - blocks[i].base) / 4U;
        }
        before += blocks[i].bytes;
    }
    fail_msg("no register at 0x%08x", (unsigned)address);
    return 0;
}

/** The chip's address of a word of the memory above; 0: not in it. */
static uint32_t address_of(uintptr_t at) {
    size_t offset = at - (uintptr_t)words;
    if (offset >= sizeof words) {
        return 0;
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        if (offset < blocks[i].bytes) {
            return blocks[i].base + (uint32_t)offset;
        }
        offset -= blocks[i].bytes;
    }
    return 0;
}

uintptr_t fake_at(uint32_t address) {
    return (uintptr_t)&words[index_of(address)];
}

void fake_settle(void) {
    const uint32_t address = storing;
    if (address == 0) {
        return;
    }
    storing = 0;
    const uint32_t value = words[index_of(address)];
    assert_true(write_count < WRITES_MAX);
    writes[write_count++] = (fake_write){address, value};
    read_back[index_of(address)] = false;
    if (behaviour.after_write != NULL) {
        behaviour.after_write(address, stored_over, value);
    }
}

static void on_read(const volatile void *at) {
    const uint32_t address = address_of((uintptr_t)at);
    if (address == 0) {
        return;
    }
    fake_settle();
    access_count++;
    read_back[index_of(address)] = true;
    if (behaviour.before_read != NULL) {
        behaviour.before_read(address);
    }
}

static void on_write(const volatile void *at) {
    const uint32_t address = address_of((uintptr_t)at);
    if (address == 0) {
        return;
    }
    fake_settle();
    access_count++;
    storing = address;
    stored_over = words[index_of(address)];
}

void fake_reset(fake_behaviour next) {
    storing = 0;
    for (size_t i = 0; i < WORDS; i++) {
        words[i] = 0;
    }
    memset(read_back, 0, sizeof read_back);
    write_count = 0;
    access_count = 0;
    fake_irq_masks = fake_irq_masked = 0;
    behaviour = next;
    /* DBGMCU_IDCODE of revision Z (RM0440, debug support). */
    fake_set(0xE0042000U, 0x20010469U);
}

uint32_t fake_get(uint32_t address) {
    fake_settle();
    return words[index_of(address)];
}

void fake_set(uint32_t address, uint32_t value) {
    fake_settle();
    words[index_of(address)] = value;
}

void fake_assert_writes(const fake_write *expected, size_t count) {
    fake_settle();
    bool same = write_count == count;
    for (size_t i = 0; same && i < count; i++) {
        same = writes[i].address == expected[i].address && writes[i].value == expected[i].value;
    }
    for (size_t i = 0; !same && i < (write_count > count ? write_count : count); i++) {
        const fake_write none = {0, 0};
        const fake_write made = i < write_count ? writes[i] : none;
        const fake_write wanted = i < count ? expected[i] : none;
        print_error("%2zu: 0x%08x = 0x%08x, expected 0x%08x = 0x%08x\n", i, (unsigned)made.address,
                    (unsigned)made.value, (unsigned)wanted.address, (unsigned)wanted.value);
    }
    assert_true(same);
    write_count = 0;
}

bool fake_read_back(uint32_t address) {
    fake_settle();
    return read_back[index_of(address)];
}

uint32_t fake_accesses(void) {
    return access_count;
}

/* ---- what the compiler calls; the names are the race detector's ---- */

#define IGNORED(name)                                                                              \
    void name(void *at);                                                                           \
    void name(void *at) {                                                                          \
        (void)at;                                                                                  \
    }
IGNORED(__tsan_func_entry)
IGNORED(__tsan_func_exit)
IGNORED(__tsan_read1)
IGNORED(__tsan_read2)
IGNORED(__tsan_read4)
IGNORED(__tsan_read8)
IGNORED(__tsan_read16)
IGNORED(__tsan_write1)
IGNORED(__tsan_write2)
IGNORED(__tsan_write4)
IGNORED(__tsan_write8)
IGNORED(__tsan_write16)
IGNORED(__tsan_unaligned_read2)
IGNORED(__tsan_unaligned_read4)
IGNORED(__tsan_unaligned_read8)
IGNORED(__tsan_unaligned_write2)
IGNORED(__tsan_unaligned_write4)
IGNORED(__tsan_unaligned_write8)
IGNORED(__tsan_volatile_read8)
IGNORED(__tsan_volatile_write8)

void __tsan_init(void);
void __tsan_init(void) {
}

void __tsan_volatile_read4(void *at);
void __tsan_volatile_read4(void *at) {
    on_read(at);
}
void __tsan_volatile_write4(void *at);
void __tsan_volatile_write4(void *at) {
    on_write(at);
}

/** RM0440 allows no such access where this firmware goes, nor does the emulated board. */
#define REFUSED(name)                                                                              \
    void name(void *at);                                                                           \
    void name(void *at) {                                                                          \
        const uint32_t address = address_of((uintptr_t)at);                                        \
        if (address != 0) {                                                                        \
            fail_msg("register 0x%08x is accessed by less than a word", (unsigned)address);        \
        }                                                                                          \
    }
REFUSED(__tsan_volatile_read1)
REFUSED(__tsan_volatile_read2)
REFUSED(__tsan_volatile_write1)
REFUSED(__tsan_volatile_write2)
