/** Hostile program images: the loader must refuse them, or run them without harm. */
#include <string.h>

#include "expected_digest.h"
#include "fuzz.h"
#include "image_repair.h"
#include "scripted_io.h"
#include "vm_instance.h"
#include "vm_trace.h"

enum { STEPS = 200 };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static cvm_instance vm;
static scripted_io world;

/** A mutation, mostly with what is needed to get past the checksum. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
    const size_t mutated = LLVMFuzzerMutate(data, size, max_size);
    switch (seed % 8U) {
    case 0:
        break;
    case 1:
    case 2:
    case 3:
        image_repair(data, mutated, IMAGE_REPAIR_ENVELOPE);
        break;
    case 4:
    case 5:
        image_repair(data, mutated, IMAGE_REPAIR_SECTIONS);
        break;
    default:
        image_repair(data, mutated, IMAGE_REPAIR_ALL);
        break;
    }
    return mutated;
}

/** What holds after every step of whatever program. */
static void check_engine(void) {
    const cvm_engine *engine = &vm.engine;
    FUZZ_REQUIRE(engine->sp <= CVM_STACK_DEPTH);
    FUZZ_REQUIRE(engine->frame_base <= engine->sp);
    FUZZ_REQUIRE(engine->depth <= CVM_CALL_DEPTH);
    FUZZ_REQUIRE(engine->pc <= engine->instruction_count);
    FUZZ_REQUIRE(engine->guard_low == CVM_GUARD && engine->guard_middle == CVM_GUARD &&
                 engine->guard_high == CVM_GUARD);
    FUZZ_REQUIRE(engine->error != CVM_ERR_STACK_CORRUPTION);
}

static void begin(const cvm_image *image, uint32_t seed) {
    cvm_instance_load(&vm, image);
    scripted_io_init(&world, &vm.engine, seed);
}

static uint32_t state_hash(void) {
    return cvm_state_hash(&vm.engine, cvm_instance_memory(&vm));
}

static void run(const cvm_image *image, uint32_t seed) {
    static cvm_effect_record effect;
    static cvm_digest_entry entries[STEPS];
    begin(image, seed);
    uint32_t stream = CVM_DIGEST_FIRST;
    for (int i = 0; i < STEPS && cvm_step_effect(&vm.engine, &effect) != CVM_STEP_IDLE; i++) {
        check_engine();
        stream = expected_entry(stream, &effect).hash;
    }
    const uint32_t state = state_hash();
    /* And in a digest run, which must say the same. */
    cvm_digest digest = {.hash = CVM_DIGEST_FIRST, .entry = entries};
    cvm_run_result digested;
    begin(image, seed);
    do {
        const uint32_t left = STEPS - (uint32_t)(digest.entry - entries);
        digested = cvm_run_digest(&vm.engine, &digest, left < 50 ? left : 50, 0);
        check_engine();
    } while ((digested == CVM_RUN_PAUSED || digested == CVM_RUN_STEPS) &&
             digest.entry < entries + STEPS);
    FUZZ_REQUIRE(digest.hash == stream && state_hash() == state);
    /* And in the loop that doesn't come back after every instruction. */
    begin(image, seed);
    cvm_run_result result;
    do {
        result = cvm_run(&vm.engine, STEPS, 2);
        check_engine();
    } while (result == CVM_RUN_PAUSED && vm.engine.steps < STEPS);
    cvm_instance_unload(&vm);
}

/** Every byte that the engine may touch lies in the image, and the strings lie one behind the
 * other.
 */
static void check_image(const cvm_image *image, const uint8_t *bytes, size_t size) {
    uint32_t sum = 0;
    FUZZ_REQUIRE(image->entry < image->instruction_count);
    for (size_t i = 0; i < image->instruction_count * (size_t)CVM_INSTRUCTION_SIZE; i++) {
        sum += image->code[i];
    }
    cvm_engine reader = {.strings = image->strings, .string_count = image->string_count};
    const uint8_t *expected = image->strings + 2U * (image->string_count + (size_t)1);
    for (uint32_t id = 0; id < image->string_count; id++) {
        const uint8_t *text;
        uint8_t length;
        FUZZ_REQUIRE(cvm_string_at(&reader, (uint16_t)id, &text, &length));
        FUZZ_REQUIRE(text == expected);
        expected = text + length;
        FUZZ_REQUIRE(expected <= bytes + size);
    }
    /* The sum keeps the reads. */
    FUZZ_REQUIRE(sum <= UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static int opened;
    cvm_image image;
    if (!opened) {
        FUZZ_REQUIRE(cvm_instance_open(&vm, 0, &world.controller));
        opened = 1;
    }
    /* libFuzzer's block is exactly as long as the input, so that the address sanitizer sees a read
     * beyond it. */
    if (cvm_image_open(data, size, &image) == CVM_IMAGE_OK) {
        check_image(&image, data, size);
        run(&image, (uint32_t)size);
    }
    return 0;
}
