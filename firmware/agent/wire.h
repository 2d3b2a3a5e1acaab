/**
 * The serial line protocol: frames, numbers, base64 and effect records, as docs/wire.md says.
 *
 * Nothing here keeps state or owns memory: every function works on buffers that its caller owns,
 * except the two small structs (reader, writer) that the caller also owns.
 */
#ifndef COCKPIT_WIRE_H
#define COCKPIT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum {
    /** Bytes of the longest line, with its newline. */
    WIRE_LINE_MAX = 512,
    /** Fields of a frame that wire_parse() stores; it counts all of them. */
    WIRE_FIELDS_MAX = 24,
    /** Record bytes of one chunk. 336 bytes are 448 in base64; with at most 45 bytes of frame and
        fields around them that is 493, within WIRE_LINE_MAX. */
    WIRE_CHUNK_BYTES = 336,
    /** Bytes of the longest record: header, opcode, pc 2, sp 2, address 3, length, 255 text bytes.
     */
    WIRE_RECORD_MAX = 265,
    /** Bytes of the longest varint. */
    WIRE_VARINT_MAX = 5,
    /** Bytes of the longest input record: three varints. */
    WIRE_INPUT_MAX = 3 * WIRE_VARINT_MAX,
    /** Bytes of a checkpoint. */
    WIRE_CHECK_BYTES = 18,
    /** The same of a full epoch. */
    WIRE_FULL_BYTES = 9,
};

/** Kinds of frames, by their letter. */
enum {
    WIRE_REQUEST = 'Q',
    WIRE_REPLY = 'R',
    WIRE_REFUSAL = 'X',
    WIRE_EVENT = 'E',
};

/* ---- bytes to lines ---- */

/** Collects bytes into lines. Zero it to start. */
typedef struct {
    /** The line so far; after WIRE_GOT_LINE the whole line without its end. Not terminated. One
       byte more than a line may have, for the `\r` that isn't counted. */
    char line[WIRE_LINE_MAX];
    uint16_t length;
    bool overlong;
    bool complete;
} wire_reader;

typedef enum {
    /** The line is not over yet. */
    WIRE_NEED_MORE,
    /** `line` holds `length` bytes, valid until the next push. */
    WIRE_GOT_LINE,
    /** A line of more than WIRE_LINE_MAX bytes (a `\r` at its end not counted) just ended; dropped.
     */
    WIRE_TOO_LONG,
} wire_reader_result;

/** Takes one received byte. The line ends at `\n`; one `\r` before it is not part of it. */
wire_reader_result wire_reader_push(wire_reader *reader, uint8_t byte);

/* ---- lines to frames ---- */

/** Part of the parsed line: not terminated, lives as long as the line. */
typedef struct {
    const char *text;
    uint16_t length;
} wire_field;

/** A frame that passed every check. */
typedef struct {
    /** One of the four letters. */
    char type;
    uint8_t seq;
    uint16_t crc;
    /** Fields in the frame; those beyond WIRE_FIELDS_MAX are counted, not stored. */
    uint16_t count;
    wire_field fields[WIRE_FIELDS_MAX];
} wire_frame;

/** CRC-16/CCITT-FALSE: polynomial 0x1021, initial 0xFFFF, not reflected, no final XOR. */
uint16_t wire_crc16(const char *bytes, size_t length);

/**
 * Parses a line (without its end) as a frame. False when it breaks any rule of docs/wire.md: type,
 * number, spaces, field bytes, length, CRC. `out` is then unspecified.
 */
bool wire_parse(const char *line, size_t length, wire_frame *out);

/** True when the field's text is exactly `text`. */
bool wire_field_is(const wire_field *field, const char *text);

/** Parses an unsigned decimal without sign or leading zeros. False when it is none or over 2^32-1.
 */
bool wire_field_u32(const wire_field *field, uint32_t *out);

/**
 * Decodes base64 with padding; `=` alone is no bytes. Canonical form only: unused bits must be 0.
 * False when malformed or when it would take more than `capacity` bytes.
 */
bool wire_field_base64(const wire_field *field, uint8_t *out, size_t capacity, size_t *length);

/* ---- frames to lines ---- */

/** Builds one line. Overflow is sticky and makes wire_finish() return 0. */
typedef text_buffer wire_writer;

/** Starts a frame in `line`, WIRE_LINE_MAX bytes that must stay valid until wire_finish(). */
void wire_begin(wire_writer *writer, char *line, char type, uint8_t seq);

/** Appends a space and a field. */
void wire_add_text(wire_writer *writer, const char *text);
void wire_add_u32(wire_writer *writer, uint32_t value);
void wire_add_base64(wire_writer *writer, const uint8_t *bytes, size_t length);

/** Appends a space and `key=value`. */
void wire_add_key_text(wire_writer *writer, const char *key, const char *value);
void wire_add_key_u32(wire_writer *writer, const char *key, uint32_t value);
/** The bytes in order as two lower-case hex digits each. */
void wire_add_key_hex(wire_writer *writer, const char *key, const uint8_t *bytes, size_t length);

/** Appends `*`, CRC and newline. Returns the bytes of the line, 0 when it didn't fit. */
size_t wire_finish(wire_writer *writer);

/* ---- numbers and records ---- */

/** Writes `value` as LEB128. Returns the bytes written, 1..WIRE_VARINT_MAX. */
size_t wire_put_varint(uint8_t *out, uint32_t value);

/** Small magnitudes to small numbers: 0, -1, 1, -2 become 0, 1, 2, 3. */
uint32_t wire_zigzag(int32_t value);

/** What one step changed, with the constants of the instruction set for kind and address. */
typedef struct {
    uint32_t pc;
    uint8_t opcode;
    uint8_t kind;
    /** Values in the whole operand stack after the step. */
    uint16_t sp;
    uint32_t address;
    int32_t value;
    /** For a PRINT: `text_length` bytes, else unused. */
    const uint8_t *text;
    uint8_t text_length;
} wire_effect;

/** What a record's encoding depends on: the record before it in the same chunk. Zero it to start.
 */
typedef struct {
    bool started;
    uint32_t pc;
    uint16_t sp;
} wire_record_state;

/**
 * Encodes one effect after the record that `state` describes, and moves `state` on. Returns the
 * bytes written, or 0 (with `state` and `out` as before) when `capacity` is too small.
 */
size_t wire_put_record(uint8_t *out, size_t capacity, wire_record_state *state,
                       const wire_effect *effect);

/**
 * Encodes a value read from a port, `steps` steps after the record before it. Returns the bytes
 * written, or 0 (with `out` as before) when `capacity` is too small.
 */
size_t wire_put_input(uint8_t *out, size_t capacity, uint32_t steps, uint32_t address,
                      int32_t value);

/** An epoch's end, as docs/wire.md defines it. */
typedef struct {
    uint32_t epoch;
    /** Number of the step after its last one. */
    uint32_t next_step;
    uint32_t stream_hash;
    uint32_t state_hash;
    /** Values read in it. */
    uint16_t inputs;
    /** It has as many steps as any, and no inputs: a short checkpoint tells all of it. */
    bool full;
} wire_check;

/** Writes a checkpoint. Returns its bytes: WIRE_FULL_BYTES of a full epoch, else WIRE_CHECK_BYTES.
 */
size_t wire_put_check(uint8_t *out, const wire_check *check);

#endif
