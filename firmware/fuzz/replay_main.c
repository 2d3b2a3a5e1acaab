/**
 * Runs one program on the C engine with the values that another run of it read, a window of steps
 * at a time.
 *
 * All numbers are u32 little-endian. Standard input, again and again until its end, one of
 *     0, clock (1: times are replayed, 0: virtual), buttons, number of pins, image length, a byte
 *        for each pin (REPLAY_PIN_*), image: loads a program
 *     1, most steps, rounds at which to stop (0: no limit), number of inputs, inputs as pairs
 *        {port, value} in the order in which they are to be read: goes on from where it is
 *     2: asks for the state
 * Standard output, one answer to each:
 *     length of the rest, and
 *     0: u8 length of a name, the name: "ok", or why the image is refused
 *     1: number of effects, bytes of effects, the effects as effects_main.c puts them
 *     2: pc, sp, call depth, error, rounds; globals, arrays, array lengths, the values on the
 *        operand stack and the call frames, as PEEK of docs/wire.md shows them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "replay_io.h"
#include "vm_instance.h"

enum {
    LOAD = 0,
    STEP = 1,
    STATE = 2,
    MAX_IMAGE = 1 << 20,
};

static cvm_instance vm;
static replay_io world;
/** Borrowed by the engine. */
static uint8_t *image_bytes;

static bool load(void) {
    uint32_t words[4];
    replay_io_init(&world, &vm.engine);
    if (!request_words(words, 4) || words[2] > REPLAY_PINS || words[3] > MAX_IMAGE) {
        return false;
    }
    world.real_clock = words[0] != 0;
    world.buttons = words[1];
    if (words[2] > 0 && fread(world.pins, words[2], 1, stdin) != 1) {
        return false;
    }
    cvm_instance_unload(&vm);
    free(image_bytes);
    image_bytes = request_bytes(words[3]);
    if (image_bytes == NULL) {
        return false;
    }
    cvm_image image;
    const cvm_image_reason reason = cvm_image_open(image_bytes, words[3], &image);
    if (reason == CVM_IMAGE_OK) {
        cvm_instance_load(&vm, &image);
    }
    const char *name = cvm_image_reason_name(reason);
    answer_u8((uint32_t)strlen(name));
    answer_bytes(name, strlen(name));
    return true;
}

static bool round_limit_reached(uint32_t rounds) {
    return rounds != 0 && vm.engine.rounds >= rounds && cvm_at_round(&vm.engine);
}

static bool step(void) {
    static cvm_effect_record effect;
    uint32_t words[3];
    if (!request_words(words, 3) || words[0] > ANSWER_STEPS || words[2] > REPLAY_INPUTS) {
        return false;
    }
    for (uint32_t i = 0; i < words[2]; i++) {
        uint32_t pair[2];
        if (!request_words(pair, 2)) {
            return false;
        }
        world.inputs[i] = (replay_input){.port = pair[0], .value = pair[1]};
    }
    world.input_count = words[2];
    world.next_input = 0;
    uint32_t count = 0;
    const size_t counts_at = answer_length();
    answer_u32(0);
    answer_u32(0);
    const size_t effects_at = answer_length();
    while (count < words[0] && !round_limit_reached(words[1]) &&
           cvm_step_effect(&vm.engine, &effect) != CVM_STEP_IDLE) {
        answer_effect(&effect);
        count++;
    }
    answer_patch_u32(counts_at, count);
    answer_patch_u32(counts_at + 4, (uint32_t)(answer_length() - effects_at));
    return true;
}

static bool state(void) {
    const cvm_engine *engine = &vm.engine;
    const VMMemoryContext *memory = cvm_instance_memory(&vm);
    uint8_t frames[CVM_CALL_DEPTH * 8];
    answer_u32(engine->pc);
    answer_u32(engine->sp);
    answer_u32(engine->depth);
    answer_u32(engine->error);
    answer_u32(engine->rounds);
    answer_bytes(memory->globals, sizeof memory->globals);
    answer_bytes(memory->arrays, sizeof memory->arrays);
    answer_bytes(memory->array_active, sizeof memory->array_active);
    answer_bytes(engine->stack, engine->sp * sizeof engine->stack[0]);
    if (!cvm_frames_copy(engine, 0, engine->depth * 8U, frames)) {
        return false;
    }
    answer_bytes(frames, engine->depth * (size_t)8);
    return true;
}

static bool serve(uint32_t kind) {
    switch (kind) {
    case LOAD:
        return load();
    case STEP:
        return step();
    case STATE:
        return state();
    default:
        return false;
    }
}

int main(void) {
    uint32_t kind;
    if (!cvm_instance_open(&vm, 0, &world.controller)) {
        (void)fprintf(stderr, "cvm-replay: VM 0 cannot be opened\n");
        return 1;
    }
    while (request_words(&kind, 1)) {
        answer_begin();
        if (!serve(kind) || !answer_send()) {
            (void)fprintf(stderr, "cvm-replay: a bad request, or nobody reads the answer\n");
            return 1;
        }
    }
    free(image_bytes);
    return 0;
}
