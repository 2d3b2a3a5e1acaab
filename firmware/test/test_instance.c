/* Whole VMs: four of them on the pool, side by side. */
#include "rig.h"
#include "vm_instance.h"

/* Counts global 0 up by its own number for ever, and puts it into array 3. */
static void write_program(rig *self, uint8_t number) {
    PROGRAM(self, OP(CVM_OP_PUSH, 0, 2), OP(CVM_OP_CREATE_ARRAY, 0, 3),
            /* 2: */ OP(CVM_OP_LOAD_GLOBAL, 0, 0), OP(CVM_OP_PUSH, 0, number), OP(CVM_OP_ADD, 0, 0),
            OP(CVM_OP_STORE_GLOBAL, 0, 0),
            /* 6: */ OP(CVM_OP_PUSH, 0, 1), OP(CVM_OP_LOAD_GLOBAL, 0, 0),
            OP(CVM_OP_STORE_ARRAY, 0, 3), OP(CVM_OP_JMP, 0, 2));
}

static cvm_image image_of(const rig *self) {
    return (cvm_image){.code = self->code,
                       .strings = self->strings,
                       .instruction_count = 10,
                       .string_count = 0,
                       .entry = 0,
                       .loop = 2};
}

typedef struct four {
    cvm_instance instances[CVM_POOL_SIZE];
    rig rigs[CVM_POOL_SIZE];
} four;

static void open_all(four *self) {
    for (uint8_t id = 0; id < CVM_POOL_SIZE; id++) {
        rig_init(&self->rigs[id]);
        write_program(&self->rigs[id], (uint8_t)(id + 1));
        assert_true(cvm_instance_open(&self->instances[id], id, &self->rigs[id].controller));
        const cvm_image image = image_of(&self->rigs[id]);
        cvm_instance_load(&self->instances[id], &image);
    }
}

static void close_all(four *self) {
    for (uint8_t id = 0; id < CVM_POOL_SIZE; id++) {
        cvm_instance_close(&self->instances[id], id);
    }
}

static void interleaved_vms_do_not_reach_each_other(void **state) {
    (void)state;
    static four all;
    open_all(&all);
    const int rounds = 50;
    for (int i = 0; i < 2 + 8 * rounds; i++) {
        for (int id = 0; id < CVM_POOL_SIZE; id++) {
            assert_int_equal(cvm_step(&all.instances[id].engine), CVM_STEP_DONE);
        }
    }
    for (int id = 0; id < CVM_POOL_SIZE; id++) {
        VMMemoryContext expected = {.global_count = 1};
        expected.array_active[3] = 2;
        expected.globals[0] = rounds * (id + 1);
        expected.arrays[3][1] = rounds * (id + 1);
        assert_memory_equal(cvm_instance_memory(&all.instances[id]), &expected, sizeof expected);
    }
    close_all(&all);
}

static void a_fault_of_one_leaves_the_others_running(void **state) {
    (void)state;
    static four all;
    open_all(&all);
    all.rigs[1].code[0] = CVM_OP_POP;
    assert_int_equal(cvm_run(&all.instances[1].engine, 100, 0), CVM_RUN_FAULT);
    assert_int_equal(cvm_run(&all.instances[0].engine, 100, 0), CVM_RUN_STEPS);
    assert_int_equal(cvm_run(&all.instances[2].engine, 100, 0), CVM_RUN_STEPS);
    close_all(&all);
}

static void an_open_vm_cannot_be_opened_again(void **state) {
    (void)state;
    static cvm_instance first;
    static cvm_instance second;
    rig self;
    rig_init(&self);
    assert_true(cvm_instance_open(&first, 3, &self.controller));
    assert_false(cvm_instance_open(&second, 3, &self.controller));
    assert_false(cvm_instance_open(&second, 4, &self.controller));
    assert_int_equal(first.engine.state, CVM_STATE_EMPTY);
    cvm_instance_close(&first, 3);
    assert_int_equal(first.engine.state, CVM_STATE_EMPTY);
    assert_null(cvm_instance_memory(&first));
    assert_true(cvm_instance_open(&second, 3, &self.controller));
    cvm_instance_close(&second, 3);
}

static void load_reset_and_unload_clear_the_memory(void **state) {
    (void)state;
    static four all;
    const VMMemoryContext zeros = {0};
    open_all(&all);
    cvm_instance *vm = &all.instances[2];
    const cvm_image image = image_of(&all.rigs[2]);

    cvm_run(&vm->engine, 50, 0);
    assert_memory_not_equal(cvm_instance_memory(vm), &zeros, sizeof zeros);
    cvm_instance_reset(vm);
    assert_memory_equal(cvm_instance_memory(vm), &zeros, sizeof zeros);
    assert_int_equal(vm->engine.state, CVM_STATE_READY);

    cvm_run(&vm->engine, 50, 0);
    cvm_instance_load(vm, &image);
    assert_memory_equal(cvm_instance_memory(vm), &zeros, sizeof zeros);
    assert_int_equal(vm->engine.steps, 0);

    cvm_run(&vm->engine, 50, 0);
    cvm_instance_unload(vm);
    assert_memory_equal(cvm_instance_memory(vm), &zeros, sizeof zeros);
    assert_int_equal(vm->engine.state, CVM_STATE_EMPTY);
    close_all(&all);
}

static void frames_are_pairs_of_u32(void **state) {
    (void)state;
    rig self;
    rig_init(&self);
    self.engine.depth = 2;
    self.engine.frames[0] = (cvm_frame){.return_pc = 0x1234, .frame_base = 5};
    self.engine.frames[1] = (cvm_frame){.return_pc = 0xFFFF, .frame_base = 128};
    self.engine.frames[2] = (cvm_frame){.return_pc = 9, .frame_base = 9}; /* a call that is over */
    const uint8_t expected[] = {0x34, 0x12, 0, 0, 5, 0, 0, 0, 0xFF, 0xFF, 0, 0,
                                128,  0,    0, 0, 0, 0, 0, 0, 0,    0,    0, 0};
    uint8_t out[192];
    assert_true(cvm_frames_copy(&self.engine, 0, 192, out));
    assert_memory_equal(out, expected, sizeof expected);
    assert_true(cvm_frames_copy(&self.engine, 1, 9, out));
    assert_memory_equal(out, &expected[1], 9);
    assert_true(cvm_frames_copy(&self.engine, 192, 0, out));
    assert_false(cvm_frames_copy(&self.engine, 0, 193, out));
    assert_false(cvm_frames_copy(&self.engine, 193, 0, out));
    assert_false(cvm_frames_copy(&self.engine, 1, UINT32_MAX, out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interleaved_vms_do_not_reach_each_other),
        cmocka_unit_test(a_fault_of_one_leaves_the_others_running),
        cmocka_unit_test(an_open_vm_cannot_be_opened_again),
        cmocka_unit_test(load_reset_and_unload_clear_the_memory),
        cmocka_unit_test(frames_are_pairs_of_u32),
    };
    return cmocka_run_group_tests_name("instances", tests, NULL, NULL);
}
