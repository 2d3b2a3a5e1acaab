/*
 * The instruction set and the constants shared with the host.
 * Generated from src/isa by scripts/generate-isa.ts; do not edit.
 */
/* clang-format off */
#ifndef CVM_ISA_H
#define CVM_ISA_H

#include <stdint.h>

/* CRC-32 of the instruction set; host, image and firmware must agree. */
#define CVM_ISA_HASH UINT32_C(0xA1B7870A)

/* Every opcode as X(code, NAME, name), in ascending order of the code. */
#define CVM_OPCODES(X) \
    X(0x00, HALT, halt) \
    X(0x01, PUSH, push) \
    X(0x02, POP, pop) \
    X(0x03, ADD, add) \
    X(0x04, SUB, sub) \
    X(0x05, MUL, mul) \
    X(0x06, DIV, div) \
    X(0x07, MOD, mod) \
    X(0x08, CALL, call) \
    X(0x09, RET, ret) \
    X(0x10, DIGITAL_WRITE, digital_write) \
    X(0x11, DIGITAL_READ, digital_read) \
    X(0x12, ANALOG_WRITE, analog_write) \
    X(0x13, ANALOG_READ, analog_read) \
    X(0x14, DELAY, delay) \
    X(0x15, BUTTON_PRESSED, button_pressed) \
    X(0x16, BUTTON_RELEASED, button_released) \
    X(0x17, PIN_MODE, pin_mode) \
    X(0x18, PRINTF, printf) \
    X(0x19, MILLIS, millis) \
    X(0x1A, MICROS, micros) \
    X(0x20, EQ, eq) \
    X(0x21, NE, ne) \
    X(0x22, LT, lt) \
    X(0x23, GT, gt) \
    X(0x24, LE, le) \
    X(0x25, GE, ge) \
    X(0x26, EQ_SIGNED, eq_signed) \
    X(0x27, NE_SIGNED, ne_signed) \
    X(0x28, LT_SIGNED, lt_signed) \
    X(0x29, GT_SIGNED, gt_signed) \
    X(0x2A, LE_SIGNED, le_signed) \
    X(0x2B, GE_SIGNED, ge_signed) \
    X(0x30, JMP, jmp) \
    X(0x31, JMP_TRUE, jmp_true) \
    X(0x32, JMP_FALSE, jmp_false) \
    X(0x40, AND, and) \
    X(0x41, OR, or) \
    X(0x42, NOT, not) \
    X(0x50, LOAD_GLOBAL, load_global) \
    X(0x51, STORE_GLOBAL, store_global) \
    X(0x52, LOAD_LOCAL, load_local) \
    X(0x53, STORE_LOCAL, store_local) \
    X(0x54, LOAD_ARRAY, load_array) \
    X(0x55, STORE_ARRAY, store_array) \
    X(0x56, CREATE_ARRAY, create_array) \
    X(0x60, BITWISE_AND, bitwise_and) \
    X(0x61, BITWISE_OR, bitwise_or) \
    X(0x62, BITWISE_XOR, bitwise_xor) \
    X(0x63, BITWISE_NOT, bitwise_not) \
    X(0x64, SHIFT_LEFT, shift_left) \
    X(0x65, SHIFT_RIGHT, shift_right)

/* Every number that no opcode has as X(code). */
#define CVM_FREE_OPCODES(X) \
    X(0x0A) X(0x0B) X(0x0C) X(0x0D) X(0x0E) X(0x0F) X(0x1B) X(0x1C) \
    X(0x1D) X(0x1E) X(0x1F) X(0x2C) X(0x2D) X(0x2E) X(0x2F) X(0x33) \
    X(0x34) X(0x35) X(0x36) X(0x37) X(0x38) X(0x39) X(0x3A) X(0x3B) \
    X(0x3C) X(0x3D) X(0x3E) X(0x3F) X(0x43) X(0x44) X(0x45) X(0x46) \
    X(0x47) X(0x48) X(0x49) X(0x4A) X(0x4B) X(0x4C) X(0x4D) X(0x4E) \
    X(0x4F) X(0x57) X(0x58) X(0x59) X(0x5A) X(0x5B) X(0x5C) X(0x5D) \
    X(0x5E) X(0x5F) X(0x66) X(0x67) X(0x68) X(0x69) X(0x6A) X(0x6B) \
    X(0x6C) X(0x6D) X(0x6E) X(0x6F) X(0x70) X(0x71) X(0x72) X(0x73) \
    X(0x74) X(0x75) X(0x76) X(0x77) X(0x78) X(0x79) X(0x7A) X(0x7B) \
    X(0x7C) X(0x7D) X(0x7E) X(0x7F) X(0x80) X(0x81) X(0x82) X(0x83) \
    X(0x84) X(0x85) X(0x86) X(0x87) X(0x88) X(0x89) X(0x8A) X(0x8B) \
    X(0x8C) X(0x8D) X(0x8E) X(0x8F) X(0x90) X(0x91) X(0x92) X(0x93) \
    X(0x94) X(0x95) X(0x96) X(0x97) X(0x98) X(0x99) X(0x9A) X(0x9B) \
    X(0x9C) X(0x9D) X(0x9E) X(0x9F) X(0xA0) X(0xA1) X(0xA2) X(0xA3) \
    X(0xA4) X(0xA5) X(0xA6) X(0xA7) X(0xA8) X(0xA9) X(0xAA) X(0xAB) \
    X(0xAC) X(0xAD) X(0xAE) X(0xAF) X(0xB0) X(0xB1) X(0xB2) X(0xB3) \
    X(0xB4) X(0xB5) X(0xB6) X(0xB7) X(0xB8) X(0xB9) X(0xBA) X(0xBB) \
    X(0xBC) X(0xBD) X(0xBE) X(0xBF) X(0xC0) X(0xC1) X(0xC2) X(0xC3) \
    X(0xC4) X(0xC5) X(0xC6) X(0xC7) X(0xC8) X(0xC9) X(0xCA) X(0xCB) \
    X(0xCC) X(0xCD) X(0xCE) X(0xCF) X(0xD0) X(0xD1) X(0xD2) X(0xD3) \
    X(0xD4) X(0xD5) X(0xD6) X(0xD7) X(0xD8) X(0xD9) X(0xDA) X(0xDB) \
    X(0xDC) X(0xDD) X(0xDE) X(0xDF) X(0xE0) X(0xE1) X(0xE2) X(0xE3) \
    X(0xE4) X(0xE5) X(0xE6) X(0xE7) X(0xE8) X(0xE9) X(0xEA) X(0xEB) \
    X(0xEC) X(0xED) X(0xEE) X(0xEF) X(0xF0) X(0xF1) X(0xF2) X(0xF3) \
    X(0xF4) X(0xF5) X(0xF6) X(0xF7) X(0xF8) X(0xF9) X(0xFA) X(0xFB) \
    X(0xFC) X(0xFD) X(0xFE) X(0xFF)

enum { CVM_OPCODE_COUNT = 52 };

/* Opcode numbers. */
enum cvm_opcode {
    CVM_OP_HALT = 0x00,
    CVM_OP_PUSH = 0x01,
    CVM_OP_POP = 0x02,
    CVM_OP_ADD = 0x03,
    CVM_OP_SUB = 0x04,
    CVM_OP_MUL = 0x05,
    CVM_OP_DIV = 0x06,
    CVM_OP_MOD = 0x07,
    CVM_OP_CALL = 0x08,
    CVM_OP_RET = 0x09,
    CVM_OP_DIGITAL_WRITE = 0x10,
    CVM_OP_DIGITAL_READ = 0x11,
    CVM_OP_ANALOG_WRITE = 0x12,
    CVM_OP_ANALOG_READ = 0x13,
    CVM_OP_DELAY = 0x14,
    CVM_OP_BUTTON_PRESSED = 0x15,
    CVM_OP_BUTTON_RELEASED = 0x16,
    CVM_OP_PIN_MODE = 0x17,
    CVM_OP_PRINTF = 0x18,
    CVM_OP_MILLIS = 0x19,
    CVM_OP_MICROS = 0x1A,
    CVM_OP_EQ = 0x20,
    CVM_OP_NE = 0x21,
    CVM_OP_LT = 0x22,
    CVM_OP_GT = 0x23,
    CVM_OP_LE = 0x24,
    CVM_OP_GE = 0x25,
    CVM_OP_EQ_SIGNED = 0x26,
    CVM_OP_NE_SIGNED = 0x27,
    CVM_OP_LT_SIGNED = 0x28,
    CVM_OP_GT_SIGNED = 0x29,
    CVM_OP_LE_SIGNED = 0x2A,
    CVM_OP_GE_SIGNED = 0x2B,
    CVM_OP_JMP = 0x30,
    CVM_OP_JMP_TRUE = 0x31,
    CVM_OP_JMP_FALSE = 0x32,
    CVM_OP_AND = 0x40,
    CVM_OP_OR = 0x41,
    CVM_OP_NOT = 0x42,
    CVM_OP_LOAD_GLOBAL = 0x50,
    CVM_OP_STORE_GLOBAL = 0x51,
    CVM_OP_LOAD_LOCAL = 0x52,
    CVM_OP_STORE_LOCAL = 0x53,
    CVM_OP_LOAD_ARRAY = 0x54,
    CVM_OP_STORE_ARRAY = 0x55,
    CVM_OP_CREATE_ARRAY = 0x56,
    CVM_OP_BITWISE_AND = 0x60,
    CVM_OP_BITWISE_OR = 0x61,
    CVM_OP_BITWISE_XOR = 0x62,
    CVM_OP_BITWISE_NOT = 0x63,
    CVM_OP_SHIFT_LEFT = 0x64,
    CVM_OP_SHIFT_RIGHT = 0x65,
};

/* Named flags values: CVM_FLAG_<opcode>_<flag>. */
enum {
    CVM_FLAG_PUSH_SIGNED = 1,
    CVM_FLAG_PUSH_WIDE = 2,
    CVM_FLAG_RET_VALUE = 1,
};

/* Every error as X(code, NAME). */
#define CVM_ERRORS(X) \
    X(0, NONE) \
    X(1, STACK_OVERFLOW) \
    X(2, STACK_UNDERFLOW) \
    X(3, STACK_CORRUPTION) \
    X(4, INVALID_JUMP) \
    X(5, INVALID_OPCODE) \
    X(6, DIVISION_BY_ZERO) \
    X(7, MEMORY_BOUNDS) \
    X(8, PRINTF_ERROR) \
    X(9, HARDWARE_FAULT) \
    X(10, PROGRAM_NOT_LOADED) \
    X(11, EXECUTION_FAILED) \
    X(12, INVALID_ARGUMENT)

/* Error codes of a faulting engine. */
enum cvm_error {
    CVM_ERR_NONE = 0,
    CVM_ERR_STACK_OVERFLOW = 1,
    CVM_ERR_STACK_UNDERFLOW = 2,
    CVM_ERR_STACK_CORRUPTION = 3,
    CVM_ERR_INVALID_JUMP = 4,
    CVM_ERR_INVALID_OPCODE = 5,
    CVM_ERR_DIVISION_BY_ZERO = 6,
    CVM_ERR_MEMORY_BOUNDS = 7,
    CVM_ERR_PRINTF_ERROR = 8,
    CVM_ERR_HARDWARE_FAULT = 9,
    CVM_ERR_PROGRAM_NOT_LOADED = 10,
    CVM_ERR_EXECUTION_FAILED = 11,
    CVM_ERR_INVALID_ARGUMENT = 12,
};

/* Limits; see src/isa/limits.ts for units. */
enum {
    CVM_STACK_DEPTH = 128,
    CVM_CALL_DEPTH = 24,
    CVM_GLOBAL_COUNT = 64,
    CVM_ARRAY_COUNT = 16,
    CVM_ARRAY_LENGTH = 64,
    CVM_PROGRAM_LENGTH = 65535,
    CVM_PRINT_LENGTH = 255,
    CVM_PRINT_ARGUMENTS = 8,
    CVM_POOL_SIZE = 4,
    CVM_ANALOG_READ_MAX = 4095,
    CVM_ANALOG_WRITE_MAX = 255,
    CVM_VIRTUAL_US_PER_INSTRUCTION = 1,
};

/* VM ids: slots of the static pool. */
enum cvm_vm {
    CVM_VM_SOS = 0,
    CVM_VM_AUDIO = 1,
    CVM_VM_DISPLAY = 2,
    CVM_VM_DEBUG = 3,
};

/* Pin modes of PIN_MODE. */
enum cvm_pin_mode {
    CVM_PIN_INPUT = 0,
    CVM_PIN_OUTPUT = 1,
    CVM_PIN_INPUT_PULLUP = 2,
    CVM_PIN_INPUT_PULLDOWN = 3,
};

/* Kinds of effect records. */
enum cvm_effect {
    CVM_EFFECT_TOP = 0,
    CVM_EFFECT_STORE = 1,
    CVM_EFFECT_INPUT = 2,
    CVM_EFFECT_OUTPUT = 3,
    CVM_EFFECT_PRINT = 4,
    CVM_EFFECT_ERROR = 5,
};

/* Address bases of STORE effects. */
enum {
    CVM_STORE_GLOBAL = 0x0000,
    CVM_STORE_LOCAL = 0x0100,
    CVM_STORE_CREATE = 0x0200,
    CVM_STORE_ARRAY = 0x0400,
};

/* Address bases of INPUT, OUTPUT and PRINT effects. */
enum {
    CVM_PORT_DIGITAL = 0x0000,
    CVM_PORT_ANALOG = 0x0100,
    CVM_PORT_PIN_MODE = 0x0200,
    CVM_PORT_BUTTON = 0x0300,
    CVM_PORT_DELAY = 0x0400,
    CVM_PORT_MILLIS = 0x0401,
    CVM_PORT_MICROS = 0x0402,
    CVM_PORT_PRINT = 0x0403,
};

/* The digest; see src/isa/digest.ts. */
#define CVM_DIGEST_FIRST UINT32_C(0x6A09E667)
#define CVM_DIGEST_MULTIPLIER UINT32_C(0xCC9E2D51)
#define CVM_DIGEST_ADDEND UINT32_C(0xE6546B64)

#endif
