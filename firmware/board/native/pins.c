#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "board_pins.h"
#include "host.h"

enum { NOT_DRIVEN = -1 };

typedef struct {
    board_pin_mode mode;
    /** What the board drives when the mode is BOARD_PIN_OUTPUT. */
    bool output;
    /** What was last said about the pin on standard output. */
    bool shown;
    /** Level from outside, or NOT_DRIVEN. */
    int driven;
    uint16_t analog;
} pin_state;

static pin_state pins[BOARD_PIN_COUNT];

/** Says so on standard output when the level that the board drives changed; not driven counts as
 * low. */
static void show(uint8_t pin) {
    const bool level = pins[pin].mode == BOARD_PIN_OUTPUT && pins[pin].output;
    if (level == pins[pin].shown) {
        return;
    }
    pins[pin].shown = level;
    (void)dprintf(STDOUT_FILENO, "pin %u %d %llu\n", (unsigned)pin, level ? 1 : 0,
                  (unsigned long long)host_monotonic_us());
}

void pins_reset(void) {
    static bool once;
    for (uint8_t pin = 0; pin < BOARD_PIN_COUNT; pin++) {
        if (!once) {
            pins[pin].driven = NOT_DRIVEN;
        }
        board_pin_set_mode(pin, BOARD_PIN_UNCONFIGURED);
    }
    once = true;
}

/** The level of a pin that nothing drives: its pull, and a button's pin keeps the button's. */
static bool resting_level(uint8_t pin) {
    if (pins[pin].mode == BOARD_PIN_INPUT_PULLUP) {
        return true;
    }
    if (pins[pin].mode == BOARD_PIN_INPUT_PULLDOWN) {
        return false;
    }
    for (uint32_t i = 0; i < BOARD_BUTTON_COUNT; i++) {
        if (BOARD_BUTTONS[i].pin == pin) {
            return BOARD_BUTTONS[i].pull == BOARD_PULL_UP;
        }
    }
    return false;
}

void board_pin_set_mode(uint8_t pin, board_pin_mode mode) {
    pins[pin].mode = mode;
    if (mode == BOARD_PIN_UNCONFIGURED) {
        pins[pin].output = false;
    }
    show(pin);
}

void board_pin_write(uint8_t pin, bool high) {
    pins[pin].output = high;
    show(pin);
}

bool board_pin_read(uint8_t pin) {
    if (pins[pin].mode == BOARD_PIN_OUTPUT) {
        return pins[pin].output;
    }
    return pins[pin].driven == NOT_DRIVEN ? resting_level(pin) : pins[pin].driven != 0;
}

bool board_has_adc(void) {
    return true;
}

bool board_analog_read(uint8_t pin, uint16_t *value) {
    *value = pins[pin].analog;
    return true;
}

bool board_analog_write(uint8_t pin, uint8_t value) {
    (void)dprintf(STDOUT_FILENO, "analog %u %u %llu\n", (unsigned)pin, (unsigned)value,
                  (unsigned long long)host_monotonic_us());
    return true;
}

/** Parses `NAME PIN` or, when `value` isn't NULL, `NAME PIN VALUE`, and nothing after it. */
static bool parse(const char *line, const char *name, unsigned limit, unsigned *pin,
                  unsigned *value) {
    const size_t length = strlen(name);
    int end = 0;
    if (strncmp(line, name, length) != 0 || line[length] != ' ') {
        return false;
    }
    const char *rest = line + length;
    if (value != NULL) {
        if (sscanf(rest, "%u %u%n", pin, value, &end) != 2 || *value > limit) {
            return false;
        }
    } else if (sscanf(rest, "%u%n", pin, &end) != 1) {
        return false;
    }
    return rest[end] == '\0' && *pin < BOARD_PIN_COUNT;
}

bool pins_command(const char *line) {
    unsigned pin;
    unsigned value;
    if (parse(line, "drive", 1, &pin, &value)) {
        pins[pin].driven = (int)value;
        return true;
    }
    if (parse(line, "release", 0, &pin, NULL)) {
        pins[pin].driven = NOT_DRIVEN;
        return true;
    }
    if (parse(line, "analog", 4095, &pin, &value)) {
        pins[pin].analog = (uint16_t)value;
        return true;
    }
    return false;
}
