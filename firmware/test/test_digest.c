/* Digest runs: their hashes are those of the effects that single steps tell of. */
#include "expected_digest.h"
#include "rig.h"

enum { ENTRIES = 512 };

/* A rig with memory of its own in place of the mock's. */
typedef struct world {
    rig rig;
    VMMemoryContext context;
    VMMemoryOps real;
    cvm_digest_entry entries[ENTRIES];
    uint32_t count; /* entries in use */
} world;

static void world_init(world *self) {
    memset(self, 0, sizeof *self);
    rig_init(&self->rig);
    self->real = cvm_memory_ops(&self->context);
    self->rig.engine.memory = &self->real;
}

/* Single steps until `most` entries are there or nothing more happens. */
static void step_through(world *self, uint32_t most) {
    cvm_effect_record effect;
    while (self->count < most && cvm_step_effect(&self->rig.engine, &effect) != CVM_STEP_IDLE) {
        const uint32_t hash =
            self->count == 0 ? CVM_DIGEST_FIRST : self->entries[self->count - 1].hash;
        self->entries[self->count++] = expected_entry(hash, &effect);
    }
}

/* A digest run of up to `most` entries, in slices of `slice`. */
static void digest_through(world *self, uint32_t most, uint32_t slice) {
    cvm_digest digest = {.hash = CVM_DIGEST_FIRST, .entry = self->entries};
    cvm_run_result result = CVM_RUN_PAUSED;
    while (self->count < most && (result == CVM_RUN_PAUSED || result == CVM_RUN_STEPS)) {
        const uint32_t left = most - self->count;
        result = cvm_run_digest(&self->rig.engine, &digest, slice < left ? slice : left, 0);
        self->count = (uint32_t)(digest.entry - self->entries);
        assert_true(self->count <= most);
    }
    if (self->count > 0) {
        assert_int_equal(digest.hash, self->entries[self->count - 1].hash);
    }
}

static void expect_same(const world *a, const world *b) {
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->entries, b->entries, a->count * sizeof a->entries[0]);
    assert_int_equal(a->rig.engine.pc, b->rig.engine.pc);
    assert_int_equal(a->rig.engine.sp, b->rig.engine.sp);
    assert_int_equal(a->rig.engine.frame_base, b->rig.engine.frame_base);
    assert_int_equal(a->rig.engine.depth, b->rig.engine.depth);
    assert_int_equal(a->rig.engine.state, b->rig.engine.state);
    assert_int_equal(a->rig.engine.error, b->rig.engine.error);
    assert_int_equal(a->rig.engine.steps, b->rig.engine.steps);
    assert_int_equal(a->rig.engine.rounds, b->rig.engine.rounds);
    assert_memory_equal(&a->context, &b->context, sizeof a->context);
    assert_int_equal(a->rig.io.calls, b->rig.io.calls);
    assert_int_equal(a->rig.memory.calls, b->rig.memory.calls);
    assert_int_equal(cvm_state_hash(&b->rig.engine, &b->context),
                     expected_state(&a->rig.engine, &a->context));
}

/* Changes a world before it runs. */
typedef void (*preparation)(world *self, uint32_t seed);

/* Stepped through and digested, both do the same, whatever the slices are. */
static void check(preparation prepare, uint32_t seed, uint32_t most) {
    static world stepped;
    static world digested;
    static const uint32_t slices[] = {1, 2, 3, 7, 64, UINT32_MAX};
    world_init(&stepped);
    prepare(&stepped, seed);
    step_through(&stepped, most);
    for (size_t i = 0; i < LENGTH(slices); i++) {
        world_init(&digested);
        prepare(&digested, seed);
        digest_through(&digested, most, slices[i]);
        expect_same(&stepped, &digested);
    }
}

/* ---- the hash ---- */

static void words_are_folded_as_the_definition_says(void **state) {
    (void)state;
    /* test/unit/isa/digest.test.ts: worked out with arbitrary-precision integers. */
    static const uint32_t chain[][2] = {
        {0, 0x16550DA9}, {1, 0xDAEFF421}, {0xFFFFFFFF, 0xBE6DBD59}, {0x12345678, 0xC7793BF7}};
    uint32_t hash = CVM_DIGEST_FIRST;
    uint32_t expected = CVM_DIGEST_FIRST;
    for (size_t i = 0; i < LENGTH(chain); i++) {
        hash = cvm_fold(hash, chain[i][0]);
        expected = expected_fold(expected, chain[i][0]);
        assert_int_equal(hash, chain[i][1]);
        assert_int_equal(expected, chain[i][1]);
    }
    assert_int_equal(cvm_text_hash((const uint8_t *)"hello", 5), 0x6F083837);
}

static void every_part_of_the_state_counts(void **state) {
    (void)state;
    static world self;
    world_init(&self);
    cvm_engine *engine = &self.rig.engine;
    PUSH(&self.rig, 1, 2, 3);
    engine->depth = 2;
    const uint32_t plain = cvm_state_hash(engine, &self.context);
    assert_int_equal(plain, expected_state(engine, &self.context));
    uint32_t parts = 0;
#define EXPECT_COUNTS(part)                                                                        \
    do {                                                                                           \
        (part)++;                                                                                  \
        assert_int_not_equal(cvm_state_hash(engine, &self.context), plain);                        \
        assert_int_equal(cvm_state_hash(engine, &self.context),                                    \
                         expected_state(engine, &self.context));                                   \
        (part)--;                                                                                  \
        parts++;                                                                                   \
    } while (0)
    EXPECT_COUNTS(engine->pc);
    EXPECT_COUNTS(engine->sp);
    EXPECT_COUNTS(engine->depth);
    EXPECT_COUNTS(engine->error);
    for (uint32_t i = 0; i < CVM_GLOBAL_COUNT; i++) {
        EXPECT_COUNTS(self.context.globals[i]);
    }
    for (uint32_t i = 0; i < CVM_ARRAY_COUNT; i++) {
        EXPECT_COUNTS(self.context.array_active[i]);
        EXPECT_COUNTS(self.context.arrays[i][i]);
        EXPECT_COUNTS(self.context.arrays[i][CVM_ARRAY_LENGTH - 1]);
    }
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT_COUNTS(engine->stack[i]);
    }
    for (uint32_t i = 0; i < 2; i++) {
        EXPECT_COUNTS(engine->frames[i].return_pc);
        EXPECT_COUNTS(engine->frames[i].frame_base);
    }
    assert_int_equal(parts, 4 + 64 + 3 * 16 + 3 + 4);
    /* What isn't in use doesn't. */
    engine->stack[3]++;
    engine->frames[2].return_pc++;
    engine->steps++;
    assert_int_equal(cvm_state_hash(engine, &self.context), plain);
}

/* ---- runs ---- */

/* Every opcode number on a stack of some values, as the first instruction; then HALT. */
static void one_instruction(world *self, uint32_t seed) {
    static const rig_text texts[] = {TEXT("%d, %x"), TEXT("")};
    const uint32_t opcode = seed & 0xFFU;
    rig_strings(&self->rig, texts, LENGTH(texts));
    self->rig.io.input = 0x80000001;
    self->rig.io.answer = seed >> 11 & 1 ? CVM_ERR_HARDWARE_FAULT : CVM_ERR_NONE;
    PROGRAM(&self->rig, OP(CVM_OP_PUSH, 0, 9), OP(CVM_OP_CREATE_ARRAY, 0, 1), OP(CVM_OP_PUSH, 0, 3),
            OP(CVM_OP_CALL, 1, 5), OP(CVM_OP_HALT, 0, 0), OP(CVM_OP_PUSH, 0, 2),
            OP(CVM_OP_PUSH, 0, 1), OP(opcode, seed >> 8 & 3U, seed >> 10 & 1U),
            OP(CVM_OP_POP, 0, 0), OP(CVM_OP_HALT, 0, 0));
}

static void every_instruction(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < 0x1000; seed++) {
        check(one_instruction, seed, 100);
    }
}

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* Values that an instruction takes from the stack and gives to it, when it has no flags and goes
 * well. */
typedef struct shape {
    uint32_t takes;
    uint32_t gives;
} shape;

static shape shape_of(uint32_t opcode) {
    switch (opcode) {
    case CVM_OP_PUSH:
    case CVM_OP_MILLIS:
    case CVM_OP_MICROS:
    case CVM_OP_LOAD_GLOBAL:
    case CVM_OP_LOAD_LOCAL:
        return (shape){0, 1};
    case CVM_OP_HALT:
    case CVM_OP_JMP:
    case CVM_OP_CALL:
    case CVM_OP_RET:
    case CVM_OP_PRINTF:
        return (shape){0, 0};
    case CVM_OP_POP:
    case CVM_OP_DELAY:
    case CVM_OP_STORE_GLOBAL:
    case CVM_OP_STORE_LOCAL:
    case CVM_OP_CREATE_ARRAY:
    case CVM_OP_JMP_TRUE:
    case CVM_OP_JMP_FALSE:
        return (shape){1, 0};
    case CVM_OP_DIGITAL_READ:
    case CVM_OP_ANALOG_READ:
    case CVM_OP_BUTTON_PRESSED:
    case CVM_OP_BUTTON_RELEASED:
    case CVM_OP_NOT:
    case CVM_OP_BITWISE_NOT:
    case CVM_OP_LOAD_ARRAY:
        return (shape){1, 1};
    case CVM_OP_STORE_ARRAY:
    case CVM_OP_PIN_MODE:
    case CVM_OP_DIGITAL_WRITE:
    case CVM_OP_ANALOG_WRITE:
        return (shape){2, 0};
    default:
        return (shape){2, 1};
    }
}

/* One in `odds`. */
static bool chance(uint32_t *seed, uint32_t odds) {
    return next_random(seed) % odds == 0;
}

/* An instruction for a stack of *depth values, which it changes: one that goes well, mostly. */
static uint32_t random_instruction(uint32_t *seed, uint32_t at, uint32_t *depth) {
#define CODE(code, NAME, name) (code),
    static const uint8_t opcodes[] = {CVM_OPCODES(CODE)};
#undef CODE
    uint32_t opcode = opcodes[next_random(seed) % sizeof opcodes];
    const bool breaks = opcode == CVM_OP_HALT || opcode == CVM_OP_RET || opcode == CVM_OP_CALL ||
                        opcode == CVM_OP_DIV || opcode == CVM_OP_MOD ||
                        opcode == CVM_OP_CREATE_ARRAY || opcode == CVM_OP_STORE_ARRAY ||
                        opcode == CVM_OP_LOAD_ARRAY;
    if (*depth < 4 || (breaks && !chance(seed, 16))) {
        opcode = CVM_OP_PUSH;
    }
    if (*depth > 8) {
        opcode = CVM_OP_POP;
    }
    const bool jumps = opcode >= CVM_OP_JMP && opcode <= CVM_OP_JMP_FALSE;
    const uint32_t flags = chance(seed, 256) ? next_random(seed) % 4 : 0;
    const uint32_t target = chance(seed, 16) ? next_random(seed) % RIG_INSTRUCTIONS : at + 1;
    *depth += shape_of(opcode).gives - shape_of(opcode).takes;
    return OP(opcode, flags, jumps ? target : next_random(seed) % 3);
}

/* A program that begins anew at its end, mostly. */
static void random_program(world *self, uint32_t seed) {
    static const rig_text texts[] = {TEXT("<>"), TEXT("a text that is longer: 100 %%"), TEXT("")};
    uint32_t words[RIG_INSTRUCTIONS] = {0};
    uint32_t length = 0;
    uint32_t depth = 0;
    seed = seed * 2654435761U + 1U;
    for (uint32_t body = 10 + next_random(&seed) % 40; length < body; length++) {
        words[length] = random_instruction(&seed, length, &depth);
    }
    for (; depth > 0; depth--) {
        words[length++] = OP(CVM_OP_POP, 0, 0);
    }
    words[length++] = OP(chance(&seed, 4) ? CVM_OP_HALT : CVM_OP_JMP, 0, 0);
    assert_true(length < RIG_INSTRUCTIONS);
    rig_program(&self->rig, words, RIG_INSTRUCTIONS);
    rig_strings(&self->rig, texts, LENGTH(texts));
    self->rig.engine.instruction_count = (uint16_t)length;
    self->rig.engine.loop = (uint16_t)(next_random(&seed) % (length + 3));
    self->rig.io.input = next_random(&seed) % 3;
    if (chance(&seed, 4)) {
        self->rig.io.pauses = &self->rig.engine;
    }
    if (chance(&seed, 4)) {
        /* Memory operations that aren't known to be the usual ones. */
        self->rig.engine.memory = &self->rig.ops;
        self->rig.memory.answer = !chance(&seed, 8);
    }
}

static void random_programs(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < 4000; seed++) {
        check(random_program, seed, ENTRIES);
    }
}

static void random_programs_come_to_every_end(void **state) {
    (void)state;
    /* The ends that the programs above came to. */
    static world self;
    uint32_t ends[3] = {0};
    for (uint32_t seed = 0; seed < 4000; seed++) {
        world_init(&self);
        random_program(&self, seed);
        step_through(&self, ENTRIES);
        ends[self.rig.engine.state]++;
    }
    for (size_t i = 0; i < LENGTH(ends); i++) {
        assert_true(ends[i] > 100);
    }
}

/* ---- ends ---- */

static void budgets_and_rounds_end_as_in_a_free_run(void **state) {
    (void)state;
    for (uint32_t steps = 0; steps < 20; steps++) {
        for (uint32_t rounds = 0; rounds < 5; rounds++) {
            static world free_run;
            static world digested;
            cvm_digest digest = {.hash = CVM_DIGEST_FIRST, .entry = digested.entries};
            world_init(&free_run);
            world_init(&digested);
            for (int i = 0; i < 2; i++) {
                world *it = i == 0 ? &free_run : &digested;
                PROGRAM(&it->rig, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_POP, 0, 0),
                        OP(CVM_OP_JMP, 0, 1));
                PROGRAM(&it->rig, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_PUSH, 0, 2),
                        OP(CVM_OP_POP, 0, 0), OP(CVM_OP_JMP, 0, 1));
                it->rig.engine.loop = 1;
            }
            const cvm_run_result expected = cvm_run(&free_run.rig.engine, steps, rounds);
            assert_int_equal(cvm_run_digest(&digested.rig.engine, &digest, steps, rounds),
                             expected);
            assert_int_equal(digested.rig.engine.steps, free_run.rig.engine.steps);
            assert_int_equal(digested.rig.engine.rounds, free_run.rig.engine.rounds);
            assert_int_equal(digest.entry - digested.entries, free_run.rig.engine.steps);
        }
    }
}

static void an_engine_that_is_stopped_adds_nothing(void **state) {
    (void)state;
    static world self;
    cvm_digest digest = {.hash = 77, .entry = self.entries};
    world_init(&self);
    assert_int_equal(cvm_run_digest(&self.rig.engine, &digest, 0, 0), CVM_RUN_STEPS);
    assert_ptr_equal(digest.entry, self.entries);
    assert_int_equal(cvm_run_digest(&self.rig.engine, &digest, 5, 0), CVM_RUN_HALTED);
    assert_ptr_equal(digest.entry, self.entries + 1);
    const uint32_t hash = digest.hash;
    assert_int_equal(cvm_run_digest(&self.rig.engine, &digest, 5, 0), CVM_RUN_HALTED);
    assert_ptr_equal(digest.entry, self.entries + 1);
    assert_int_equal(digest.hash, hash);
}

static void unload(world *self, uint32_t seed) {
    (void)seed;
    cvm_engine_unload(&self->rig.engine);
}

static void an_empty_engine_faults_once(void **state) {
    (void)state;
    check(unload, 0, 5);
}

static void corrupt(world *self, uint32_t seed) {
    PROGRAM(&self->rig, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_PUSH, 0, 2));
    uint32_t *const guards[] = {&self->rig.engine.guard_low, &self->rig.engine.guard_middle,
                                &self->rig.engine.guard_high};
    *guards[seed] ^= 0x100U;
}

static void a_corrupt_stack_is_a_step(void **state) {
    (void)state;
    for (uint32_t seed = 0; seed < 3; seed++) {
        check(corrupt, seed, 5);
    }
}

static uint8_t write_past_the_stack(void *context, uint32_t *out) {
    world *self = context;
    self->rig.engine.guard_middle = 0;
    *out = 1;
    return CVM_ERR_NONE;
}

static void corrupt_meanwhile(world *self, uint32_t seed) {
    (void)seed;
    PROGRAM(&self->rig, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_MILLIS, 0, 0), OP(CVM_OP_PUSH, 0, 2));
    self->rig.controller.millis = write_past_the_stack;
    self->rig.controller.context = self;
}

static void a_stack_is_looked_after_before_every_step(void **state) {
    (void)state;
    check(corrupt_meanwhile, 0, 5);
}

static void an_attached_trace_is_left_alone(void **state) {
    (void)state;
    static world self;
    ExecutionTrace ring[2];
    cvm_trace trace;
    cvm_digest digest = {.hash = CVM_DIGEST_FIRST, .entry = self.entries};
    world_init(&self);
    PROGRAM(&self.rig, OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_POP, 0, 0));
    cvm_trace_attach(&self.rig.engine, &trace, ring, 2, NULL, NULL);
    assert_int_equal(cvm_run_digest(&self.rig.engine, &digest, 2, 0), CVM_RUN_STEPS);
    assert_int_equal(digest.entry - self.entries, 2);
    assert_int_equal(trace.count, 0);
    assert_ptr_equal(self.rig.engine.trace, &trace);
}

/* ---- inputs ---- */

typedef struct log {
    cvm_digest *digest;
    const cvm_digest_entry *entries;
    uint32_t count;
    uint32_t room;
    struct {
        uint32_t step;
        uint32_t address;
        int32_t value;
    } inputs[8];
} log;

static bool take(void *context, uint32_t address, int32_t value) {
    log *self = context;
    self->inputs[self->count].step = (uint32_t)(self->digest->entry - self->entries);
    self->inputs[self->count].address = address;
    self->inputs[self->count].value = value;
    self->count++;
    return self->count < self->room;
}

static void what_is_read_is_handed_over(void **state) {
    (void)state;
    static const uint32_t expected[][2] = {{1, CVM_PORT_DIGITAL + 5}, {2, CVM_PORT_MILLIS},
                                           {4, CVM_PORT_ANALOG + 5},  {6, CVM_PORT_BUTTON + 2},
                                           {8, CVM_PORT_BUTTON + 3},  {9, CVM_PORT_MICROS}};
    for (uint32_t room = 1; room < 8; room++) {
        static world self;
        cvm_digest digest = {.hash = CVM_DIGEST_FIRST, .entry = self.entries};
        log taken = {.digest = &digest, .entries = self.entries, .room = room};
        world_init(&self);
        digest.input = take;
        digest.context = &taken;
        self.rig.io.input = 1;
        PROGRAM(&self.rig, OP(CVM_OP_PUSH, 0, 5), OP(CVM_OP_DIGITAL_READ, 0, 0),
                OP(CVM_OP_MILLIS, 0, 0), OP(CVM_OP_PUSH, 0, 5), OP(CVM_OP_ANALOG_READ, 0, 0),
                OP(CVM_OP_PUSH, 0, 2), OP(CVM_OP_BUTTON_PRESSED, 0, 0), OP(CVM_OP_PUSH, 0, 3),
                OP(CVM_OP_BUTTON_RELEASED, 0, 0), OP(CVM_OP_MICROS, 0, 0), OP(CVM_OP_PUSH, 0, 5),
                OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_DIGITAL_WRITE, 0, 0), OP(CVM_OP_HALT, 0, 0));
        const bool enough = room > LENGTH(expected);
        assert_int_equal(cvm_run_digest(&self.rig.engine, &digest, 100, 0),
                         enough ? CVM_RUN_HALTED : CVM_RUN_PAUSED);
        assert_int_equal(taken.count, enough ? LENGTH(expected) : room);
        for (uint32_t i = 0; i < taken.count; i++) {
            assert_int_equal(taken.inputs[i].step, expected[i][0]);
            assert_int_equal(taken.inputs[i].address, expected[i][1]);
            assert_int_equal(taken.inputs[i].value, 1);
        }
        /* The step that read was made, and entered, and is the last one. */
        const uint32_t steps = enough ? 14 : expected[room - 1][0] + 1U;
        assert_int_equal(self.rig.engine.steps, steps);
        assert_int_equal(digest.entry - self.entries, steps);
        /* It goes on from there, into the same hash. */
        taken.room = UINT32_MAX;
        assert_int_equal(cvm_run_digest(&self.rig.engine, &digest, 100, 0), CVM_RUN_HALTED);
        static world whole;
        world_init(&whole);
        whole.rig.io.input = 1;
        memcpy(whole.rig.code, self.rig.code, sizeof whole.rig.code);
        step_through(&whole, ENTRIES);
        self.count = (uint32_t)(digest.entry - self.entries);
        expect_same(&whole, &self);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_folded_as_the_definition_says),
        cmocka_unit_test(every_part_of_the_state_counts),
        cmocka_unit_test(every_instruction),
        cmocka_unit_test(random_programs),
        cmocka_unit_test(random_programs_come_to_every_end),
        cmocka_unit_test(budgets_and_rounds_end_as_in_a_free_run),
        cmocka_unit_test(an_engine_that_is_stopped_adds_nothing),
        cmocka_unit_test(an_empty_engine_faults_once),
        cmocka_unit_test(a_corrupt_stack_is_a_step),
        cmocka_unit_test(a_stack_is_looked_after_before_every_step),
        cmocka_unit_test(an_attached_trace_is_left_alone),
        cmocka_unit_test(what_is_read_is_handed_over),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
