/** The host's side of the serial line, for tests of the agent on a fake board. */
#ifndef TALK_H
#define TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vm_image.h"
#include "wire.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- lines ---- */

/** A received frame, with a copy of its text. */
typedef struct {
    char text[WIRE_LINE_MAX + 1];
    wire_frame frame;
} message;

/** A cmocka setup: a board after power-up, and the agent started on it. */
int talk_start(void **state);

/** Writes the line of a request; returns its length. */
size_t request_line(char line[WIRE_LINE_MAX], uint8_t seq, const char *fields);

/** Bytes that the agent will receive. */
void receive_bytes(const char *bytes, size_t length);

/** Rounds of the agent. */
void rounds(unsigned count);

/** Takes the next line that the agent sent, without its newline. False when there is none. */
bool take_line(message *out);

/** Takes lines until a frame of one of the types; console text is passed over. */
bool take_frame(message *out, const char *types);

/** The text between the head and the CRC, without the space. */
const char *body(message *it);

/** Forgets what the agent sent. */
void forget_sent(void);

void send_request(const char *fields);

/** Sends a request and gives its reply, `R ` or `X ` before it. Events before it are lost. */
const char *ask(const char *fields);

#define assert_reply(fields, expected) assert_string_equal(ask(fields), expected)

/** The reply contains `part`. */
void assert_status(const char *fields, const char *part);

/** PEEK's bytes, at most 256 of them. */
void peek(unsigned vm, const char *region, unsigned offset, unsigned length, uint8_t *out);

/* ---- programs ---- */

typedef struct {
    uint8_t bytes[4096];
    size_t size;
} image;

/** docs/image-format.md; an instruction is opcode, flags << 8, immediate << 16. `string` is the
 * only one, or NULL. */
void build_image(image *it, const uint32_t *code, uint32_t count, uint32_t loop,
                 const char *string);

/** Sends bytes of an image. */
void send_data(unsigned vm, const image *it, size_t offset, size_t length);

/** LOAD and all of its DATA. */
void upload(unsigned vm, const image *it);

/** Loads and commits a program without strings. */
void program(unsigned vm, const uint32_t *code, uint32_t count, uint32_t loop);

#define PUSH(value) (CVM_OP_PUSH | (uint32_t)(value) << 16)
#define JMP(target) (CVM_OP_JMP | (uint32_t)(target) << 16)

/** Counts for ever: one round is LOAD, PUSH, ADD, STORE, JMP. */
enum { COUNTER_LENGTH = 5 };
extern const uint32_t COUNTER[COUNTER_LENGTH];

#endif
