/*
 * Runs the programs that the host put at `bench_jobs` and writes, for each,
 * what it cost. Numbers are little-endian u32 in the jobs and decimal in the
 * output.
 *
 * Jobs: magic "CVBJ", count, then `count` times {offset of the image from the magic, its size in
 * bytes, steps to run before measuring, steps to measure}.
 * Output: "compiler NAME VERSION", "flags FLAGS", on the chip "clock HZ", "scale TICKS
 * INSTRUCTIONS", "size BYTES-OF-ONE-VM", "hot BYTES-OF-HOT-CODE", then for each job "job INDEX
 * TICKS CYCLES STEPS RUN-RESULT ERROR LAST-PRINTED-NUMBER", then "end".
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "chip.h"
#include "clock.h"
#include "counter.h"
#include "semihosting.h"
#include "vm_instance.h"

enum { JOBS_MAGIC = 0x4A425643 };

typedef struct job {
    uint32_t image_offset;
    uint32_t image_size;
    uint32_t steps_before;
    uint32_t steps;
} job;

typedef struct job_list {
    uint32_t magic;
    uint32_t count;
    job jobs[];
} job_list;

extern const job_list bench_jobs;

/* Set by the linker script: the hot code, where it is executed. */
extern const uint8_t hot_start[], hot_end[];

/* ---- an io controller that does nothing, so that its cost is not in the
 * figures ---- */

static uint32_t printed; /* the last decimal number printed, modulo 2^32 */

static uint8_t two_values(void *context, int32_t pin, uint8_t value) {
    (void)context, (void)pin, (void)value;
    return CVM_ERR_NONE;
}

static uint8_t read_byte(void *context, int32_t pin, uint8_t *out) {
    (void)context, (void)pin;
    *out = 1;
    return CVM_ERR_NONE;
}

static uint8_t read_half(void *context, int32_t pin, uint16_t *out) {
    (void)context, (void)pin;
    *out = 1;
    return CVM_ERR_NONE;
}

static uint8_t delay(void *context, uint32_t ms) {
    (void)context, (void)ms;
    return CVM_ERR_NONE;
}

static uint8_t read_time(void *context, uint32_t *out) {
    (void)context;
    *out = 1;
    return CVM_ERR_NONE;
}

static uint8_t print(void *context, const uint8_t *bytes, uint8_t length) {
    (void)context;
    uint32_t number = 0;
    for (uint32_t i = 0; i < length && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
        number = 10U * number + bytes[i] - '0';
    }
    printed = number;
    return CVM_ERR_NONE;
}

static const IOController null_io = {
    .pin_mode = two_values,
    .digital_write = two_values,
    .digital_read = read_byte,
    .analog_write = two_values,
    .analog_read = read_half,
    .button = read_byte,
    .delay = delay,
    .millis = read_time,
    .micros = read_time,
    .print = print,
};

/* ---- output ---- */

static char *put_u64(char *out, uint64_t value) {
    char digits[20];
    uint32_t count = 0;
    do {
        digits[count++] = (char)('0' + (char)(value % 10U));
        value /= 10U;
    } while (value != 0);
    while (count > 0) {
        *out++ = digits[--count];
    }
    return out;
}

static void write_line(const char *word, const uint64_t *values, uint32_t count) {
    char line[160]; /* a word, 7 numbers of up to 20 digits */
    char *out = line;
    while (*word != '\0') {
        *out++ = *word++;
    }
    for (uint32_t i = 0; i < count; i++) {
        *out++ = ' ';
        out = put_u64(out, values[i]);
    }
    *out++ = '\n';
    *out = '\0';
    semihosting_write(line);
}

/* ---- jobs ---- */

static cvm_instance vm;

/* The image of the job: in RAM, where the agent has it too, and not in flash beside the code. */
static uint8_t program[4096] __attribute__((aligned(4)));

static bool run_job(uint32_t index) {
    const job *it = &bench_jobs.jobs[index];
    cvm_image image;
    const uint8_t *bytes = (const uint8_t *)&bench_jobs + it->image_offset;
    if (it->image_size > sizeof program) {
        return false;
    }
    memcpy(program, bytes, it->image_size);
    if (cvm_image_open(program, it->image_size, &image) != CVM_IMAGE_OK) {
        return false;
    }
    cvm_instance_load(&vm, &image);
    printed = 0;
    (void)cvm_run(&vm.engine, it->steps_before, 0);
    const uint64_t steps_before = vm.engine.steps;
    const counter_reading before = counter_read();
    const cvm_run_result result = cvm_run(&vm.engine, it->steps, 0);
    const counter_reading after = counter_read();
    const uint64_t values[] = {index,
                               after.ticks - before.ticks,
                               after.cycles - before.cycles,
                               vm.engine.steps - steps_before,
                               result,
                               vm.engine.error,
                               printed};
    write_line("job", values, sizeof values / sizeof values[0]);
    return true;
}

/* Whether the memory of a VM is all zero after it was given back. */
static bool memory_is_cleared(void) {
    volatile uint8_t *bytes = (volatile uint8_t *)cvm_pool_acquire(CVM_VM_SOS);
    for (uint32_t i = 0; i < sizeof(VMMemoryContext); i++) {
        bytes[i] = 0xA5;
    }
    cvm_pool_release(CVM_VM_SOS);
    for (uint32_t i = 0; i < sizeof(VMMemoryContext); i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* On the chip, its full speed, with the wait states of the flash that go with it. The emulator
 * counts instructions, at whatever clock. */
static bool start_clock(void) {
    if (!chip_is_g474()) {
        return true;
    }
    const char *trouble = clock_start();
    if (trouble != NULL) {
        semihosting_write("error ");
        semihosting_write(trouble);
        semihosting_write("\n");
        return false;
    }
    write_line("clock", (const uint64_t[]){clock_hz()}, 1);
    return true;
}

int main(void) {
    if (!memory_is_cleared()) {
        semihosting_write("error memory that was given back is not cleared\n");
        return 4;
    }
    if (bench_jobs.magic != JOBS_MAGIC || !cvm_instance_open(&vm, CVM_VM_DEBUG, &null_io)) {
        semihosting_write("error no jobs\n");
        return 1;
    }
    semihosting_write("compiler GCC " __VERSION__ "\n");
    semihosting_write("flags " BENCH_FLAGS "\n");
    if (!start_clock()) {
        return 5;
    }
    counter_start();
    write_line("scale", (const uint64_t[]){counter_scale(), COUNTER_SCALE_INSTRUCTIONS}, 2);
    write_line("size", (const uint64_t[]){CVM_BYTES_PER_VM}, 1);
    write_line("hot", (const uint64_t[]){(uintptr_t)hot_end - (uintptr_t)hot_start}, 1);
    for (uint32_t i = 0; i < bench_jobs.count; i++) {
        if (!run_job(i)) {
            write_line("error bad image", (const uint64_t[]){i}, 1);
            return 2;
        }
    }
    semihosting_write("end\n");
    return 0;
}
