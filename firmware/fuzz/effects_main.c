/**
 * Executes programs for the differential fuzzer, as a process that lives through millions of them.
 *
 * All numbers are u32 little-endian. Standard input, again and again until its end:
 *     image length, seed, most steps (0: only judge the image), most rounds (0: no limit), image
 * Standard output, one answer to each:
 *     length of the rest
 *     u8 length of a name, the name: "ok", or why the image is refused; the rest only after "ok"
 *     number of effects, bytes of effects, the effects
 *     end state after stepping with effects
 *     end state after the same program, from the start, in cvm_run, in slices that follow from the
 * seed
 *
 * An effect is pc (u16), opcode, sp, kind, text length (u8 each), address (u16), value (i32), and
 * the text's bytes. An end state is END_WORDS numbers, see put_end(); memory and stacks are in it
 * as CRC-32 of the bytes that PEEK of docs/wire.md would show. The run in cvm_run isn't traced: its
 * metrics are 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scripted_io.h"
#include "vm_crc32.h"
#include "vm_instance.h"
#include "vm_trace.h"

enum {
    HEADER_WORDS = 4,
    END_WORDS = 21,
    MAX_IMAGE = 1 << 20,
    MAX_STEPS = 8192,
    EFFECT_BYTES = 12,
    ANSWER_BYTES =
        64 + MAX_STEPS * (EFFECT_BYTES + CVM_PRINT_LENGTH) + 2 * END_WORDS * (int)sizeof(uint32_t),
    TRACE_ENTRIES = 16,
};

/** In the end state of the stepped run, where the other one has a cvm_run_result. */
enum { NOT_CVM_RUN = 0xFF };

static uint8_t answer[ANSWER_BYTES];
static size_t answer_length;

static cvm_instance vm;
static scripted_io world;
static cvm_trace trace;
static ExecutionTrace trace_ring[TRACE_ENTRIES];

static void put_u8(uint32_t value) {
    answer[answer_length++] = (uint8_t)value;
}

static void put_u16(uint32_t value) {
    put_u8(value);
    put_u8(value >> 8);
}

static void put_u32(uint32_t value) {
    put_u16(value);
    put_u16(value >> 16);
}

/** Writes over four bytes put before. */
static void patch_u32(size_t at, uint32_t value) {
    const size_t end = answer_length;
    answer_length = at;
    put_u32(value);
    answer_length = end;
}

static void put_effect(const cvm_effect_record *effect) {
    put_u16(effect->pc);
    put_u8(effect->opcode);
    put_u8(effect->sp);
    put_u8(effect->kind);
    put_u8(effect->text_length);
    put_u16(effect->address);
    put_u32((uint32_t)effect->value);
    memcpy(answer + answer_length, effect->text, effect->text_length);
    answer_length += effect->text_length;
}

static void put_crc(const void *bytes, size_t length) {
    put_u32(cvm_crc32(0, bytes, length));
}

/** `result`: what cvm_run gave, or NOT_CVM_RUN. */
static void put_end(uint32_t result) {
    const cvm_engine *engine = &vm.engine;
    const VMMemoryContext *memory = cvm_instance_memory(&vm);
    uint8_t frames[CVM_CALL_DEPTH * 8];
    put_u32(result);
    put_u32(engine->pc);
    put_u32(engine->sp);
    put_u32(engine->depth);
    put_u32(engine->error);
    put_u32(engine->state == CVM_STATE_HALTED);
    put_u32(engine->rounds);
    put_u32((uint32_t)engine->steps);
    put_u32((uint32_t)(engine->steps >> 32));
    put_u32(world.requests);
    put_u32(memory->global_count);
    put_crc(memory->globals, sizeof memory->globals);
    put_crc(memory->arrays, sizeof memory->arrays);
    put_crc(memory->array_active, sizeof memory->array_active);
    put_crc(engine->stack, engine->sp * sizeof engine->stack[0]);
    (void)cvm_frames_copy(engine, 0, engine->depth * 8U, frames);
    put_crc(frames, engine->depth * (size_t)8);
    put_u32(trace.metrics.total_instructions);
    put_u32(trace.metrics.memory_operations);
    put_u32(trace.metrics.io_operations);
    put_u32(trace.metrics.control_flow);
    put_u32(trace.metrics.max_stack_depth);
}

/** With `traced`, metrics are counted; without, cvm_run may run as fast as it can. */
static void start(const cvm_image *image, uint32_t seed, bool traced) {
    cvm_instance_load(&vm, image);
    scripted_io_init(&world, &vm.engine, seed);
    cvm_trace_attach(&vm.engine, &trace, trace_ring, TRACE_ENTRIES, NULL, NULL);
    if (!traced) {
        cvm_trace_detach(&vm.engine);
    }
}

static bool round_limit_reached(uint32_t rounds) {
    return rounds != 0 && vm.engine.rounds >= rounds && cvm_at_round(&vm.engine);
}

/**
 * Runs in slices of 1, 2, 4 .. 16384 steps, and again after every pause: where a run comes back
 * must not matter. Returns what the last cvm_run gave.
 */
static cvm_run_result run_in_slices(uint32_t seed, uint32_t steps, uint32_t rounds) {
    const uint32_t slice = 1U << (seed >> 2 & 15U) % 15U;
    uint32_t left = steps;
    for (;;) {
        const uint64_t before = vm.engine.steps;
        const cvm_run_result result = cvm_run(&vm.engine, left < slice ? left : slice, rounds);
        left -= (uint32_t)(vm.engine.steps - before);
        if (result != CVM_RUN_PAUSED && (result != CVM_RUN_STEPS || left == 0)) {
            return result;
        }
    }
}

static void run(const cvm_image *image, uint32_t seed, uint32_t steps, uint32_t rounds) {
    static cvm_effect_record effect;
    uint32_t count = 0;
    const size_t counts_at = answer_length;
    put_u32(0);
    put_u32(0);
    const size_t effects_at = answer_length;
    start(image, seed, true);
    while (count < steps && !round_limit_reached(rounds) &&
           cvm_step_effect(&vm.engine, &effect) != CVM_STEP_IDLE) {
        put_effect(&effect);
        count++;
    }
    patch_u32(counts_at, count);
    patch_u32(counts_at + 4, (uint32_t)(answer_length - effects_at));
    put_end(NOT_CVM_RUN);
    start(image, seed, false);
    put_end((uint32_t)run_in_slices(seed, steps, rounds));
}

static void judge_and_run(const uint8_t *bytes, uint32_t length, const uint32_t *header) {
    cvm_image image;
    const cvm_image_reason reason = cvm_image_open(bytes, length, &image);
    const char *name = cvm_image_reason_name(reason);
    const size_t name_length = strlen(name);
    answer_length = 0;
    put_u32(0);
    put_u8((uint32_t)name_length);
    memcpy(answer + answer_length, name, name_length);
    answer_length += name_length;
    if (reason == CVM_IMAGE_OK && header[2] > 0) {
        run(&image, header[1], header[2], header[3]);
    }
    patch_u32(0, (uint32_t)answer_length - 4U);
}

static bool read_header(uint32_t words[HEADER_WORDS]) {
    uint8_t bytes[HEADER_WORDS * 4];
    if (fread(bytes, sizeof bytes, 1, stdin) != 1) {
        return false;
    }
    for (size_t i = 0; i < HEADER_WORDS; i++) {
        words[i] = (uint32_t)bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 |
                   (uint32_t)bytes[4 * i + 2] << 16 | (uint32_t)bytes[4 * i + 3] << 24;
    }
    return true;
}

static int fail(const char *why) {
    (void)fprintf(stderr, "cvm-effects: %s\n", why);
    return 1;
}

int main(void) {
    uint32_t header[HEADER_WORDS];
    if (!cvm_instance_open(&vm, 0, &world.controller)) {
        return fail("VM 0 cannot be opened");
    }
    while (read_header(header)) {
        const uint32_t length = header[0];
        if (length > MAX_IMAGE || header[2] > MAX_STEPS) {
            return fail("the request is over 1 MiB or over 8192 steps");
        }
        /* A block of its own, so that the address sanitizer sees a read beyond the image. */
        uint8_t *bytes = malloc(length > 0 ? length : 1);
        if (bytes == NULL || (length > 0 && fread(bytes, length, 1, stdin) != 1)) {
            free(bytes);
            return fail("the input ends within a request");
        }
        judge_and_run(bytes, length, header);
        cvm_instance_unload(&vm);
        free(bytes);
        if (fwrite(answer, answer_length, 1, stdout) != 1 || fflush(stdout) != 0) {
            return fail("cannot write");
        }
    }
    return 0;
}
