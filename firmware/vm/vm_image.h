/*
 * Reads a program image (.cvbc, docs/image-format.md) in place. Nothing is copied: the image must
 * outlive whatever runs it.
 */
#ifndef CVM_IMAGE_H
#define CVM_IMAGE_H

#include "vm_types.h"

/* Why an image is refused, in the order in which it is judged. X(NAME, name on the wire) */
#define CVM_IMAGE_REASONS(X)                                                                       \
    X(OK, "ok")                                                                                    \
    X(TOO_SHORT, "too-short")                                                                      \
    X(BAD_MAGIC, "bad-magic")                                                                      \
    X(BAD_VERSION, "bad-version")                                                                  \
    X(BAD_FLAGS, "bad-flags")                                                                      \
    X(BAD_HEADER_SIZE, "bad-header-size")                                                          \
    X(BAD_SIZE, "bad-size")                                                                        \
    X(BAD_CRC, "bad-crc")                                                                          \
    X(BAD_ISA, "bad-isa")                                                                          \
    X(BAD_CODE, "bad-code")                                                                        \
    X(BAD_STRINGS, "bad-strings")                                                                  \
    X(BAD_DEBUG, "bad-debug")                                                                      \
    X(BAD_ENTRY, "bad-entry")                                                                      \
    X(BAD_LOOP, "bad-loop")

#define CVM_IMAGE_REASON_ENUM(name, text) CVM_IMAGE_##name,
typedef enum cvm_image_reason { CVM_IMAGE_REASONS(CVM_IMAGE_REASON_ENUM) } cvm_image_reason;
#undef CVM_IMAGE_REASON_ENUM

enum {
    CVM_IMAGE_HEADER_SIZE = 52,
    CVM_IMAGE_VERSION = 1,
    CVM_IMAGE_FLAG_DEBUG = 0x01,
    CVM_INSTRUCTION_SIZE = 4,
    CVM_NO_LOOP = 0xFFFF, /* cvm_image.loop of a program without loop() */
};

/*
 * A verified image; pointers into the caller's bytes. Behind the last instruction are four more
 * bytes, of which the first two are 0: the string section, which is padded to a multiple of 4,
 * begins with an offset of 0. The run loop relies on it: it reads one instruction too far, finds
 * HALT without flags, and so needs no look at the program's end after each instruction. An image
 * put together by hand must have these bytes too.
 */
typedef struct cvm_image {
    const uint8_t *code;    /* instruction_count * 4 bytes, and four more as said above */
    const uint8_t *strings; /* string section: u16 offset[string_count + 1], then the bytes */
    uint16_t instruction_count;
    uint16_t string_count;
    uint16_t entry;
    uint16_t loop; /* index of the instruction that begins a round, or CVM_NO_LOOP */
} cvm_image;

/*
 * Verifies `size` bytes as an image for this build's instruction set. Returns CVM_IMAGE_OK and
 * fills *out; else the first reason to refuse, and *out is untouched. bytes may have any alignment.
 * bytes NULL counts as too short.
 */
cvm_image_reason cvm_image_open(const uint8_t *bytes, size_t size, cvm_image *out);

/* The name docs/image-format.md gives a reason, e.g. "bad-crc"; "ok" for CVM_IMAGE_OK. Never NULL.
 */
const char *cvm_image_reason_name(cvm_image_reason reason);

#endif
