/** The Nucleo-G474RE: start order, identity, and what it tells a person. */
#include <stddef.h>

#include "agent.h"
#include "analog.h"
#include "board.h"
#include "chip.h"
#include "clock.h"
#include "crash.h"
#include "gpio.h"
#include "handlers.h"
#include "lpuart.h"
#include "reset_cause.h"
#include "stm32g474.h"
#include "tick.h"
#include "vm_instance.h"
#include "watchdog.h"

/** Takes no memory of the chip: the size of this section tells the build what one VM takes. */
__attribute__((section(".sizes"), used)) static const uint8_t one_vm[CVM_BYTES_PER_VM];

/* Set by the linker script: a GNU note, three words and "GNU\0" before the id itself. */
extern const uint8_t build_id_note[];
enum { BUILD_ID_OFFSET = 16 };

static const char *clock_trouble;
/** BOARD_RESET_ bits; 0 on the emulated board, which can't tell. */
static uint8_t reset_causes;
/** NULL when the run before didn't crash. */
static const board_crash *crash;

void board_uid(uint8_t uid[BOARD_UID_BYTES]) {
    const bool present = chip_is_g474();
    for (uint32_t word = 0; word < BOARD_UID_BYTES / 4; word++) {
        const uint32_t value = present ? REG32(UID_BASE + 4U * word) : 0;
        for (uint32_t i = 0; i < 4; i++) {
            uid[4U * word + i] = (uint8_t)(value >> (8U * i));
        }
    }
}

uint32_t board_clock_hz(void) {
    return clock_hz();
}

const uint8_t *board_build_id(void) {
    return build_id_note + BUILD_ID_OFFSET;
}

void board_reset(void) {
    __asm volatile("dsb" ::: "memory");
    SCB_AIRCR = SCB_AIRCR_RESET;
    __asm volatile("dsb" ::: "memory");
    for (;;) {
    }
}

static void add_word(text_buffer *text, const char *name, uint32_t value) {
    text_string(text, name);
    text_hex(text, value, 8);
}

void board_describe(text_buffer *text) {
    text_string(text, "stack never used: ");
    text_u32(text, stack_unused());
    text_string(text, " bytes, received bytes lost: ");
    text_u32(text, lpuart_lost());
    text_string(text, "\r\n");
    if (clock_trouble != NULL) {
        text_string(text, clock_trouble);
        text_string(text, "\r\n");
    }
    if (crash != NULL) {
        text_string(text, "the run before this one crashed: exception ");
        text_u32(text, crash->exception);
        add_word(text, " pc ", crash->pc);
        add_word(text, " lr ", crash->lr);
        add_word(text, " sp ", crash->sp);
        add_word(text, " cfsr ", crash->cfsr);
        add_word(text, " hfsr ", crash->hfsr);
        add_word(text, " bfar ", crash->bfar);
        text_string(text, "\r\n");
    }
}

void board_health_read(board_health *out) {
    const bool silicon = chip_is_g474();
    *out = (board_health){
        .reset_known = silicon,
        .reset_causes = reset_causes,
        .stack_bytes = stack_bytes(),
        .stack_used = stack_bytes() - stack_unused(),
        .rx_lost = lpuart_lost(),
        .has_watchdog = silicon,
        .watchdog_ms = watchdog_ms(),
        .vdda_mv = analog_vdda_mv(),
        .crash = crash,
    };
}

int main(void) {
    crash = crash_take();
    reset_causes = reset_causes_take();
    clock_trouble = clock_start();
    tick_start();
    gpio_start();
    lpuart_start();
    agent_start();
    for (;;) {
        agent_round();
    }
}
