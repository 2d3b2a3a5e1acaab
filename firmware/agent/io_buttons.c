#include "board.h"
#include "io.h"

/** A tactile switch bounces for a few milliseconds; 20 ms is the usual margin and still feels
 * instant. */
enum { DEBOUNCE_US = 20000 };

typedef struct {
    bool pressed;
    /** The level differs from `pressed` since `since_us`. */
    bool changing;
    uint64_t since_us;
} button_state;

static button_state buttons[BOARD_BUTTON_COUNT];

static bool pressed_now(uint32_t id) {
    return board_pin_read(BOARD_BUTTONS[id].pin) == (BOARD_BUTTONS[id].active_level != 0);
}

void io_buttons_init(void) {
    for (uint32_t id = 0; id < BOARD_BUTTON_COUNT; id++) {
        buttons[id] = (button_state){.pressed = pressed_now(id)};
    }
}

int64_t io_buttons_poll(uint64_t now_us) {
    int64_t wait = -1;
    for (uint32_t id = 0; id < BOARD_BUTTON_COUNT; id++) {
        button_state *button = &buttons[id];
        if (pressed_now(id) == button->pressed) {
            button->changing = false;
            continue;
        }
        if (!button->changing) {
            button->changing = true;
            button->since_us = now_us;
        }
        const int64_t left = DEBOUNCE_US - (int64_t)(now_us - button->since_us);
        if (left <= 0) {
            button->pressed = !button->pressed;
            button->changing = false;
            continue;
        }
        wait = wait < 0 || left < wait ? left : wait;
    }
    return wait;
}

bool io_button_pressed(uint32_t id) {
    return buttons[id].pressed;
}
