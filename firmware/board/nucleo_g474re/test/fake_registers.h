/**
 * Registers that are memory, and a log of how a driver used them.
 *
 * An access shows when the next one begins, or at any call of this module.
 */
#ifndef FAKE_REGISTERS_H
#define FAKE_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What a test makes the chip do; NULL members do nothing. Neither may call fake_at(). */
typedef struct {
    /** Before a driver's load of a register. */
    void (*before_read)(uint32_t address);
    /** After a store of `value` where `old` was. The register holds `value` unless this changes it.
     */
    void (*after_write)(uint32_t address, uint32_t old, uint32_t value);
} fake_behaviour;

/** All registers 0 and nothing logged, on an STM32G474; `behaviour` is copied. */
void fake_reset(fake_behaviour behaviour);

/** A register, without logging it. */
uint32_t fake_get(uint32_t address);
void fake_set(uint32_t address, uint32_t value);

/** A driver's store. */
typedef struct {
    uint32_t address;
    uint32_t value;
} fake_write;

/** Fails unless these are all stores since the last such call or fake_reset(), in their order. */
void fake_assert_writes(const fake_write *expected, size_t count);

/** The last stores were these. */
#define ASSERT_WRITES(...)                                                                         \
    do {                                                                                           \
        static const fake_write expected[] = {__VA_ARGS__};                                        \
        fake_assert_writes(expected, sizeof expected / sizeof expected[0]);                        \
    } while (0)

/** Whether a driver has loaded `address` after its last store there. */
bool fake_read_back(uint32_t address);

/** Accesses so far. */
uint32_t fake_accesses(void);

/** Brings the log up to date: a store that has just been made is seen. */
void fake_settle(void);

#endif
