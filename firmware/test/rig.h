/*
 * An engine on mock memory and mock io, with a program of a few instructions, and checks on what a
 * step did to it.
 */
#ifndef RIG_H
#define RIG_H

/* cmocka.h wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mock_io.h"
#include "mock_memory.h"
#include "vm_engine.h"

enum { RIG_INSTRUCTIONS = 64, RIG_STRING_BYTES = 4096 };

/* A text with its length, so that it can hold zero bytes. */
typedef struct rig_text {
    const char *bytes;
    size_t length;
} rig_text;

#define TEXT(literal)                                                                              \
    { (literal), sizeof(literal) - 1 }

typedef struct rig {
    cvm_engine engine;
    cvm_engine before; /* the engine as it was before rig_step */
    cvm_step_result result;
    mock_memory memory;
    mock_io io;
    VMMemoryOps ops;
    IOController controller;
    uint8_t code[4 * RIG_INSTRUCTIONS]; /* the strings, which begin with 0, follow (vm_image.h) */
    uint8_t strings[RIG_STRING_BYTES];
} rig;

/* An instruction as the u32 that its four bytes are. */
#define OP(opcode, flags, immediate)                                                               \
    ((uint32_t)(opcode) | ((uint32_t)(flags) << 8) | ((uint32_t)(immediate) << 16))

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Sets up an engine with a program of RIG_INSTRUCTIONS times HALT, entry 0, no loop, no strings. */
void rig_init(rig *self);

/* Replaces the first instructions. */
void rig_program(rig *self, const uint32_t *words, size_t count);
#define PROGRAM(self, ...)                                                                         \
    rig_program((self), (const uint32_t[]){__VA_ARGS__}, LENGTH(((const uint32_t[]){__VA_ARGS__})))

/* Gives the program these strings. */
void rig_strings(rig *self, const rig_text *texts, size_t count);

/* Puts values on the operand stack, the last one on top. */
void rig_push(rig *self, const int32_t *values, size_t count);
#define PUSH(self, ...)                                                                            \
    rig_push((self), (const int32_t[]){__VA_ARGS__}, LENGTH(((const int32_t[]){__VA_ARGS__})))

/* Fills the operand stack to `count` values 1000, 1001, ... */
void rig_fill(rig *self, uint32_t count);

/* Puts one instruction where pc is and executes it. */
void rig_step(rig *self, uint32_t word);

/* The step succeeded, pc went on by one, and these are the values on the whole stack. */
void rig_expect(const rig *self, const int32_t *values, size_t count);
#define EXPECT_STACK(self, ...)                                                                    \
    rig_expect((self), (const int32_t[]){__VA_ARGS__}, LENGTH(((const int32_t[]){__VA_ARGS__})))
void rig_expect_empty(const rig *self);

/* The step failed with `error` and changed nothing else in the engine. */
void rig_expect_fault(const rig *self, uint8_t error);

/* A fresh engine with `values`, one instruction: it fails with `error`, and neither memory nor io
 * was called. */
void rig_check_fault(uint32_t word, const int32_t *values, size_t count, uint8_t error);
#define CHECK_FAULT(word, error, ...)                                                              \
    rig_check_fault((word), (const int32_t[]){__VA_ARGS__},                                        \
                    LENGTH(((const int32_t[]){__VA_ARGS__})), (error))

/* A fresh engine with `values`, one instruction: it leaves `result` alone on the stack. */
void rig_check_result(uint32_t word, const int32_t *values, size_t count, int32_t result);
#define CHECK_RESULT(word, result, ...)                                                            \
    rig_check_result((word), (const int32_t[]){__VA_ARGS__},                                       \
                     LENGTH(((const int32_t[]){__VA_ARGS__})), (result))

#endif
