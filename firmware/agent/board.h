/**
 * What the agent needs from a board. Each board implements all of it; the agent knows no other
 * hardware. Called from the agent's one loop only, never from interrupts.
 *
 * The pins themselves (numbers, capabilities, buttons) are the table in the generated board_pins.h.
 */
#ifndef COCKPIT_BOARD_H
#define COCKPIT_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum {
    BOARD_UID_BYTES = 12,
    BOARD_BUILD_ID_BYTES = 20,
    /** For board_idle(): nothing is due. */
    BOARD_IDLE_FOREVER = -1,
};

/* ---- serial line ---- */

/** Bytes that board_tx_write() would take now. At least one line of 512 once the line has drained.
 */
size_t board_tx_space(void);

/** Queues bytes for sending; `length` must not exceed board_tx_space(). The bytes are copied. */
void board_tx_write(const char *bytes, size_t length);

/** True when everything queued has left the board. */
bool board_tx_drained(void);

/** Takes one received byte. False when there is none. */
bool board_rx_read(uint8_t *byte);

/** The line's rate after each start, bits per second: what a terminal program is told. */
enum { BOARD_RATE_START = 115200 };

/** What a board makes of a rate that it is asked for. */
typedef struct {
    /** Bits per second, to the nearest. */
    uint32_t baud;
    /** How far that is off, millionths, rounded down. */
    uint32_t ppm;
} board_rate;

/** The greatest rate that board_rate_plan() approves, bits per second; 0 when the line has none. */
uint32_t board_rate_max(void);

/** What board_rate_set() would set. False when the board can't make that rate. */
bool board_rate_plan(uint32_t baud, board_rate *out);

/**
 * Changes the rate to one that board_rate_plan() approves. Everything sent should have left; what
 * was received and not read is dropped.
 */
void board_rate_set(uint32_t baud);

/* ---- time and power ---- */

/** Microseconds since start, never falling. */
uint64_t board_micros(void);

/**
 * Sleeps until a byte arrives, a pin is driven, `us` microseconds passed (BOARD_IDLE_FOREVER: no
 * such limit) or earlier: the caller looks again in any case.
 */
void board_idle(int64_t us);

/** Restarts board and agent. Does not return on a chip; on a host it takes effect at the loop's
 * top. */
void board_reset(void);

/* ---- identity ---- */

/** The unique device number, byte by byte as it is in memory; all zeros when there is none. */
void board_uid(uint8_t uid[BOARD_UID_BYTES]);

/** Core clock, Hz; 0 on a host. */
uint32_t board_clock_hz(void);

/** The linker's build id of the running program: BOARD_BUILD_ID_BYTES bytes, static. */
const uint8_t *board_build_id(void);

/** Adds lines for a person: the board's own figures, and what went wrong at or before start. */
void board_describe(text_buffer *text);

/* ---- health ---- */

/** Why the board started; a chip may name several, as each reset from within pulls its pin too. */
enum {
    BOARD_RESET_OPTIONS = 1U << 0, /**< option bytes were loaded */
    BOARD_RESET_PIN = 1U << 1,
    BOARD_RESET_POWER = 1U << 2, /**< power-on or brown-out */
    BOARD_RESET_SOFTWARE = 1U << 3,
    BOARD_RESET_WATCHDOG = 1U << 4,
    BOARD_RESET_WINDOW_WATCHDOG = 1U << 5,
    BOARD_RESET_LOW_POWER = 1U << 6,
};

/** Of board_crash.exception: no fault, but the watchdog ended the run. */
enum { BOARD_CRASH_WATCHDOG = 0 };

/** The core when an unexpected exception was taken; registers as in DDI 0403 B1.5.6 and B3.2. */
typedef struct {
    /** Exception number: 2 NMI, 3 HardFault, 4 MemManage, 5 BusFault, 6 UsageFault, 16+n interrupt
     * n. With BOARD_CRASH_WATCHDOG all registers below are 0. */
    uint32_t exception;
    /** Interrupted code; pc, lr and psr are 0 when the stack itself was unusable. */
    uint32_t pc;
    uint32_t lr;
    uint32_t psr;
    uint32_t sp;
    uint32_t cfsr;
    uint32_t hfsr;
    uint32_t mmfar;
    uint32_t bfar;
    /** session_executing() then: the VM whose turn it was, or SESSION_NO_VM. */
    uint32_t vm;
    /** That VM's steps since load or reset, modulo 2^32: so many at least. */
    uint32_t steps;
} board_crash;

/** What a board knows of itself. */
typedef struct {
    /** Whether the board can tell why it started. */
    bool reset_known;
    /** BOARD_RESET_ bits. */
    uint8_t reset_causes;
    /** Bytes of the C stack, and of those that were ever written since start; 0 and 0: unknown. */
    uint32_t stack_bytes;
    uint32_t stack_used;
    /** Received bytes lost since start. */
    uint32_t rx_lost;
    /** Whether board_watchdog_start() can work. */
    bool has_watchdog;
    /** As last started; 0 while it isn't. */
    uint32_t watchdog_ms;
    /** Supply of the analog part, millivolts, measured now; 0: there is no converter, or it didn't
     * answer. */
    uint32_t vdda_mv;
    /** How the run before this start ended; NULL when it didn't crash. Static. */
    const board_crash *crash;
} board_health;

void board_health_read(board_health *out);

/** Range of board_watchdog_start(). */
enum { BOARD_WATCHDOG_LEAST_MS = 100, BOARD_WATCHDOG_MOST_MS = 30000 };

/**
 * Starts the watchdog, or changes its time: the board is reset when board_watchdog_feed() isn't
 * called for `ms` milliseconds, not earlier and at most a fifth later. Only a reset ends it. It
 * stands still while a debugger holds the core. False when the board has none, or it didn't start.
 */
bool board_watchdog_start(uint32_t ms);

/** Says that the agent is alive; nothing when the watchdog wasn't started. */
void board_watchdog_feed(void);

/* ---- pins; `pin` is below BOARD_PIN_COUNT ---- */

typedef enum {
    BOARD_PIN_INPUT,
    BOARD_PIN_OUTPUT,
    BOARD_PIN_INPUT_PULLUP,
    BOARD_PIN_INPUT_PULLDOWN,
    /** As after reset: not driven, no pull, output level low. A button's pin keeps the button's
       pull. */
    BOARD_PIN_UNCONFIGURED,
} board_pin_mode;

void board_pin_set_mode(uint8_t pin, board_pin_mode mode);

/** Drives a pin whose mode is BOARD_PIN_OUTPUT; ends a PWM or DAC output on it. */
void board_pin_write(uint8_t pin, bool high);

/** The level at the pin now, whoever drives it. */
bool board_pin_read(uint8_t pin);

/** Whether analog inputs can be read here at all: an emulated board has no converter. */
bool board_has_adc(void);

/** Converts a pin that has BOARD_CAP_ADC: 0..4095. False when the converter doesn't answer. */
bool board_analog_read(uint8_t pin, uint16_t *value);

/** Sets PWM or DAC of a pin that has BOARD_CAP_PWM or BOARD_CAP_DAC. False when the unit is absent.
 */
bool board_analog_write(uint8_t pin, uint8_t value);

#endif
