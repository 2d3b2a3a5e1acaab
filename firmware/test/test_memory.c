/* The real memory operations and the pool. */
#include "rig.h"
#include "vm_pool.h"

static void globals(void **state) {
    (void)state;
    VMMemoryContext memory = {0};
    const VMMemoryOps ops = cvm_memory_ops(&memory);
    int32_t value = 55;
    assert_true(ops.load_global(ops.context, 63, &value));
    assert_int_equal(value, 0);
    assert_int_equal(memory.global_count, 0);
    assert_true(ops.store_global(ops.context, 5, -9));
    assert_int_equal(memory.global_count, 6);
    assert_true(ops.store_global(ops.context, 2, INT32_MIN));
    assert_int_equal(memory.global_count, 6);
    assert_true(ops.store_global(ops.context, 63, 1));
    assert_int_equal(memory.global_count, 64);
    assert_true(ops.load_global(ops.context, 5, &value));
    assert_int_equal(value, -9);
}

static void bad_globals(void **state) {
    (void)state;
    VMMemoryContext memory = {0};
    const VMMemoryContext zeros = {0};
    const VMMemoryOps ops = cvm_memory_ops(&memory);
    int32_t value = 55;
    const uint16_t ids[] = {64, 65, 255, 256, 320, 0xFFFF};
    for (size_t i = 0; i < LENGTH(ids); i++) {
        assert_false(ops.load_global(ops.context, ids[i], &value));
        assert_false(ops.store_global(ops.context, ids[i], 1));
    }
    assert_int_equal(value, 55);
    assert_false(ops.load_global(ops.context, 0, NULL));
    assert_memory_equal(&memory, &zeros, sizeof memory);
}

static void arrays_have_their_declared_length(void **state) {
    (void)state;
    VMMemoryContext memory = {0};
    const VMMemoryOps ops = cvm_memory_ops(&memory);
    int32_t value = 55;
    memory.arrays[15][2] = 7; /* from before; create zeroes it */
    assert_true(ops.create_array(ops.context, 15, 3));
    assert_int_equal(memory.array_active[15], 3);
    assert_true(ops.load_array(ops.context, 15, 2, &value));
    assert_int_equal(value, 0);
    assert_true(ops.store_array(ops.context, 15, 2, -4));
    assert_true(ops.load_array(ops.context, 15, 2, &value));
    assert_int_equal(value, -4);
    assert_false(ops.store_array(ops.context, 15, 3, 1));
    assert_false(ops.load_array(ops.context, 15, 3, &value));
    assert_false(ops.load_array(ops.context, 15, 0x100, &value));
    assert_false(ops.load_array(ops.context, 15, UINT32_MAX, &value));
    assert_false(ops.load_array(ops.context, 15, 0, NULL));
    assert_int_equal(value, -4);
}

static void bad_arrays(void **state) {
    (void)state;
    VMMemoryContext memory = {0};
    const VMMemoryOps ops = cvm_memory_ops(&memory);
    int32_t value = 55;
    const uint32_t sizes[] = {0, 65, 256, 257, UINT32_MAX};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        assert_false(ops.create_array(ops.context, 0, sizes[i]));
    }
    assert_false(ops.create_array(ops.context, 16, 1));
    assert_false(ops.create_array(ops.context, 256, 1));
    assert_false(ops.load_array(ops.context, 0, 0, &value)); /* not active */
    assert_false(ops.store_array(ops.context, 0, 0, 1));
    assert_true(ops.create_array(ops.context, 0, 64));
    assert_true(ops.store_array(ops.context, 0, 63, 8));
    assert_false(ops.create_array(ops.context, 0, 64)); /* active already; keeps its values */
    assert_int_equal(memory.arrays[0][63], 8);
    assert_false(ops.load_array(ops.context, 16, 0, &value));
    assert_false(ops.store_array(ops.context, 0xFFFF, 0, 1));
}

static void no_context(void **state) {
    (void)state;
    const VMMemoryOps ops = cvm_memory_ops(NULL);
    int32_t value = 55;
    assert_false(ops.load_global(ops.context, 0, &value));
    assert_false(ops.store_global(ops.context, 0, 1));
    assert_false(ops.create_array(ops.context, 0, 1));
    assert_false(ops.load_array(ops.context, 0, 0, &value));
    assert_false(ops.store_array(ops.context, 0, 0, 1));
    assert_int_equal(value, 55);
}

static void only_its_own_operations_are_known(void **state) {
    (void)state;
    static VMMemoryContext memory;
    static mock_memory mock;
    const VMMemoryOps own = cvm_memory_ops(&memory);
    const VMMemoryOps other = mock_memory_ops(&mock);
    assert_ptr_equal(cvm_memory_direct(&own), &memory);
    assert_null(cvm_memory_direct(&other));
    VMMemoryOps mixed[] = {own, own, own, own, own};
    mixed[0].load_global = other.load_global;
    mixed[1].store_global = other.store_global;
    mixed[2].create_array = other.create_array;
    mixed[3].load_array = other.load_array;
    mixed[4].store_array = other.store_array;
    for (size_t i = 0; i < LENGTH(mixed); i++) {
        assert_null(cvm_memory_direct(&mixed[i]));
    }
}

static void pool_gives_each_context_once(void **state) {
    (void)state;
    VMMemoryContext *contexts[CVM_POOL_SIZE];
    for (uint8_t id = 0; id < CVM_POOL_SIZE; id++) {
        assert_false(cvm_pool_is_taken(id));
        contexts[id] = cvm_pool_acquire(id);
        assert_non_null(contexts[id]);
        assert_true(cvm_pool_is_taken(id));
        assert_null(cvm_pool_acquire(id));
        for (uint8_t other = 0; other < id; other++) {
            assert_ptr_not_equal(contexts[id], contexts[other]);
        }
    }
    assert_null(cvm_pool_acquire(4));
    assert_null(cvm_pool_acquire(255));
    assert_false(cvm_pool_is_taken(4));
    for (uint8_t id = 0; id < CVM_POOL_SIZE; id++) {
        cvm_pool_release(id);
    }
}

static void release_clears(void **state) {
    (void)state;
    const VMMemoryContext zeros = {0};
    VMMemoryContext *context = cvm_pool_acquire(2);
    memset(context, 0xA5, sizeof *context);
    cvm_pool_release(2);
    assert_memory_equal(context, &zeros, sizeof zeros);
    assert_false(cvm_pool_is_taken(2));
}

static void a_second_or_bad_release_is_ignored(void **state) {
    (void)state;
    VMMemoryContext *context = cvm_pool_acquire(1);
    context->globals[0] = 5;
    cvm_pool_release(4);
    cvm_pool_release(255);
    cvm_pool_release(0);
    assert_int_equal(context->globals[0], 5);
    assert_true(cvm_pool_is_taken(1));
    cvm_pool_release(1);
    context->globals[0] = 6; /* no longer ours; a second release must not touch it */
    cvm_pool_release(1);
    assert_int_equal(context->globals[0], 6);
    assert_ptr_equal(cvm_pool_acquire(1), context);
    assert_int_equal(context->globals[0], 0); /* acquire clears as well */
    cvm_pool_release(1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globals),
        cmocka_unit_test(bad_globals),
        cmocka_unit_test(arrays_have_their_declared_length),
        cmocka_unit_test(bad_arrays),
        cmocka_unit_test(no_context),
        cmocka_unit_test(only_its_own_operations_are_known),
        cmocka_unit_test(pool_gives_each_context_once),
        cmocka_unit_test(release_clears),
        cmocka_unit_test(a_second_or_bad_release_is_ignored),
    };
    return cmocka_run_group_tests_name("memory and pool", tests, NULL, NULL);
}
