/* Memory operations that note every call and answer as told. */
#ifndef MOCK_MEMORY_H
#define MOCK_MEMORY_H

#include "vm_memory.h"

enum mock_memory_op {
    MOCK_LOAD_GLOBAL = 1,
    MOCK_STORE_GLOBAL,
    MOCK_CREATE_ARRAY,
    MOCK_LOAD_ARRAY,
    MOCK_STORE_ARRAY,
};

typedef struct mock_memory {
    /* what to answer */
    bool answer;
    int32_t loaded;
    /* the last call; op 0 = none */
    int calls;
    enum mock_memory_op op;
    uint16_t id;
    uint32_t index; /* or the size */
    int32_t value;
} mock_memory;

/* Operations on `mock`, which answers true and loads 0. */
VMMemoryOps mock_memory_ops(mock_memory *mock);

#endif
