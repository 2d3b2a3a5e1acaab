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
 * the text's bytes. An end state is the numbers of put_end(); memory and stacks are in it
 * as CRC-32 of the bytes that PEEK of docs/wire.md would show. The run in cvm_run isn't traced: its
 * metrics are 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "scripted_io.h"
#include "vm_crc32.h"
#include "vm_instance.h"
#include "vm_trace.h"

enum {
    HEADER_WORDS = 4,
    MAX_IMAGE = 1 << 20,
    TRACE_ENTRIES = 16,
};

/** In the end state of the stepped run, where the other one has a cvm_run_result. */
enum { NOT_CVM_RUN = 0xFF };

static cvm_instance vm;
static scripted_io world;
static cvm_trace trace;
static ExecutionTrace trace_ring[TRACE_ENTRIES];

static void put_crc(const void *bytes, size_t length) {
    answer_u32(cvm_crc32(0, bytes, length));
}

/** `result`: what cvm_run gave, or NOT_CVM_RUN. */
static void put_end(uint32_t result) {
    const cvm_engine *engine = &vm.engine;
    const VMMemoryContext *memory = cvm_instance_memory(&vm);
    uint8_t frames[CVM_CALL_DEPTH * 8];
    answer_u32(result);
    answer_u32(engine->pc);
    answer_u32(engine->sp);
    answer_u32(engine->depth);
    answer_u32(engine->error);
    answer_u32(engine->state == CVM_STATE_HALTED);
    answer_u32(engine->rounds);
    answer_u32((uint32_t)engine->steps);
    answer_u32((uint32_t)(engine->steps >> 32));
    answer_u32(world.requests);
    answer_u32(memory->global_count);
    put_crc(memory->globals, sizeof memory->globals);
    put_crc(memory->arrays, sizeof memory->arrays);
    put_crc(memory->array_active, sizeof memory->array_active);
    put_crc(engine->stack, engine->sp * sizeof engine->stack[0]);
    (void)cvm_frames_copy(engine, 0, engine->depth * 8U, frames);
    put_crc(frames, engine->depth * (size_t)8);
    answer_u32(trace.metrics.total_instructions);
    answer_u32(trace.metrics.memory_operations);
    answer_u32(trace.metrics.io_operations);
    answer_u32(trace.metrics.control_flow);
    answer_u32(trace.metrics.max_stack_depth);
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
    const size_t counts_at = answer_length();
    answer_u32(0);
    answer_u32(0);
    const size_t effects_at = answer_length();
    start(image, seed, true);
    while (count < steps && !round_limit_reached(rounds) &&
           cvm_step_effect(&vm.engine, &effect) != CVM_STEP_IDLE) {
        answer_effect(&effect);
        count++;
    }
    answer_patch_u32(counts_at, count);
    answer_patch_u32(counts_at + 4, (uint32_t)(answer_length() - effects_at));
    put_end(NOT_CVM_RUN);
    start(image, seed, false);
    put_end((uint32_t)run_in_slices(seed, steps, rounds));
}

static void judge_and_run(const uint8_t *bytes, uint32_t length, const uint32_t *header) {
    cvm_image image;
    const cvm_image_reason reason = cvm_image_open(bytes, length, &image);
    const char *name = cvm_image_reason_name(reason);
    const size_t name_length = strlen(name);
    answer_begin();
    answer_u8((uint32_t)name_length);
    answer_bytes(name, name_length);
    if (reason == CVM_IMAGE_OK && header[2] > 0) {
        run(&image, header[1], header[2], header[3]);
    }
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
    while (request_words(header, HEADER_WORDS)) {
        const uint32_t length = header[0];
        if (length > MAX_IMAGE || header[2] > ANSWER_STEPS) {
            return fail("the request is over 1 MiB or over 8192 steps");
        }
        /* A block of its own, so that the address sanitizer sees a read beyond the image. */
        uint8_t *bytes = request_bytes(length);
        if (bytes == NULL) {
            return fail("the input ends within a request");
        }
        judge_and_run(bytes, length, header);
        cvm_instance_unload(&vm);
        free(bytes);
        if (!answer_send()) {
            return fail("cannot write");
        }
    }
    return 0;
}
