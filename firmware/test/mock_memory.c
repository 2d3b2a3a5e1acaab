#include "mock_memory.h"

#include <string.h>

static bool note(mock_memory *mock, enum mock_memory_op op, uint16_t id, uint32_t index,
                 int32_t value) {
    mock->calls++;
    mock->op = op;
    mock->id = id;
    mock->index = index;
    mock->value = value;
    return mock->answer;
}

static bool load_global(void *context, uint16_t id, int32_t *out) {
    mock_memory *mock = context;
    *out = mock->loaded;
    return note(mock, MOCK_LOAD_GLOBAL, id, 0, 0);
}

static bool store_global(void *context, uint16_t id, int32_t value) {
    return note(context, MOCK_STORE_GLOBAL, id, 0, value);
}

static bool create_array(void *context, uint16_t id, uint32_t size) {
    return note(context, MOCK_CREATE_ARRAY, id, size, 0);
}

static bool load_array(void *context, uint16_t id, uint32_t index, int32_t *out) {
    mock_memory *mock = context;
    *out = mock->loaded;
    return note(mock, MOCK_LOAD_ARRAY, id, index, 0);
}

static bool store_array(void *context, uint16_t id, uint32_t index, int32_t value) {
    return note(context, MOCK_STORE_ARRAY, id, index, value);
}

VMMemoryOps mock_memory_ops(mock_memory *mock) {
    memset(mock, 0, sizeof *mock);
    mock->answer = true;
    return (VMMemoryOps){.load_global = load_global,
                         .store_global = store_global,
                         .create_array = create_array,
                         .load_array = load_array,
                         .store_array = store_array,
                         .context = mock};
}
