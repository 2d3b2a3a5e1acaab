/**
 * The agent as a host process.
 *
 * Standard output: one line of JSON with the serial line's path, then one line for each edge of a
 * pin that the board drives: `pin LOGICAL 0|1 MICROSECONDS` (and `analog LOGICAL VALUE
 * MICROSECONDS`). Standard input: see pins_command() and cable_command(). The process ends when
 * standard input does, so that it can't outlive whoever started it, and on SIGTERM or SIGINT.
 */
#define _GNU_SOURCE /* ppoll, dl_iterate_phdr */

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "board.h"
#include "cable.h"
#include "host.h"

enum {
    COMMAND_MAX = 128,
    /** Between two looks at the terminal while VMs run. */
    SERVICE_US = 200,
};

static volatile sig_atomic_t ending;
static bool reboot_requested;
/** host_monotonic_us() at the (re)start, the 0 of board_micros(). */
static uint64_t started_us;

static void on_signal(int number) {
    (void)number;
    ending = 1;
}

/** The signals are blocked except in ppoll(), so that none can slip in just before it. */
static bool install_signals(sigset_t *while_waiting) {
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;
    (void)signal(SIGPIPE, SIG_IGN);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGINT);
    return sigaction(SIGTERM, &action, NULL) == 0 && sigaction(SIGINT, &action, NULL) == 0 &&
           sigprocmask(SIG_BLOCK, &blocked, while_waiting) == 0 &&
           sigdelset(while_waiting, SIGTERM) == 0 && sigdelset(while_waiting, SIGINT) == 0;
}

static sigset_t waiting_mask;

/** Reads commands; at the end of standard input the process is to end. */
static void read_commands(void) {
    static char line[COMMAND_MAX];
    static size_t length;
    char bytes[COMMAND_MAX];
    const ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) {
        ending = got == 0 || (errno != EINTR && errno != EAGAIN);
        return;
    }
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] != '\n') {
            if (length < sizeof line - 1) {
                line[length++] = bytes[i];
            }
            continue;
        }
        line[length] = '\0';
        length = 0;
        if (!pins_command(line) && !cable_command(line)) {
            (void)fprintf(stderr,
                          "cockpit-agent: '%s' is no command; there are: drive PIN 0|1, release "
                          "PIN, analog PIN 0..4095, cable BAUD SEED\n",
                          line);
        }
    }
}

/** Waits at most `us` microseconds (-1: no limit) for the terminal, a command or a signal. */
static void host_wait(int64_t us) {
    struct pollfd fds[] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = serial_fd(), .events = (short)(POLLIN | (serial_wants_to_send() ? POLLOUT : 0))},
    };
    const struct timespec limit = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    const int ready = ppoll(fds, 2, us < 0 ? NULL : &limit, &waiting_mask);
    if (ready > 0 && fds[0].revents != 0) {
        read_commands();
    }
    serial_service();
}

void board_idle(int64_t us) {
    host_wait(us);
}

uint64_t host_monotonic_us(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000U + (uint64_t)now.tv_nsec / 1000U;
}

uint64_t board_micros(void) {
    return host_monotonic_us() - started_us;
}

void board_reset(void) {
    reboot_requested = true;
}

void board_uid(uint8_t uid[BOARD_UID_BYTES]) {
    memset(uid, 0, BOARD_UID_BYTES);
}

uint32_t board_clock_hz(void) {
    return 0;
}

void board_describe(text_buffer *text) {
    text_string(text, "native: a host process, not a chip\r\n");
}

void board_health_read(board_health *out) {
    *out = (board_health){0};
}

bool board_watchdog_start(uint32_t ms) {
    (void)ms;
    return false;
}

void board_watchdog_feed(void) {
}

/** Looks for the GNU build id in the notes of the first object, which is the program itself. */
static int find_build_id(struct dl_phdr_info *info, size_t size, void *found) {
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        const uint8_t *at = (const uint8_t *)(info->dlpi_addr + segment->p_vaddr);
        const uint8_t *end = at + segment->p_memsz;
        while (segment->p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) <= end) {
            const ElfW(Nhdr) *note = (const void *)at;
            const uint8_t *description = at + sizeof *note + ((note->n_namesz + 3U) & ~3U);
            if (note->n_type == NT_GNU_BUILD_ID && note->n_descsz == BOARD_BUILD_ID_BYTES) {
                memcpy(found, description, BOARD_BUILD_ID_BYTES);
                return 1;
            }
            at = description + ((note->n_descsz + 3U) & ~3U);
        }
    }
    return 1;
}

const uint8_t *board_build_id(void) {
    static uint8_t id[BOARD_BUILD_ID_BYTES];
    static bool looked;
    if (!looked) {
        (void)dl_iterate_phdr(find_build_id, id);
        looked = true;
    }
    return id;
}

int main(void) {
    char path[HOST_PATH_MAX];
    uint64_t serviced_us = 0;
    started_us = host_monotonic_us();
    if (!install_signals(&waiting_mask) || !serial_open(path)) {
        (void)fprintf(stderr, "cockpit-agent: no pseudo terminal: %s\n", strerror(errno));
        return 1;
    }
    pins_reset();
    agent_start();
    if (dprintf(STDOUT_FILENO, "{\"serial\":\"%s\"}\n", path) < 0) {
        return 1;
    }
    while (!ending) {
        if (reboot_requested) {
            reboot_requested = false;
            started_us = host_monotonic_us();
            serviced_us = 0;
            serial_clear();
            pins_reset();
            agent_start();
        }
        /* While VMs run nobody sleeps, so the terminal has to be looked after in between. */
        if (board_micros() - serviced_us >= SERVICE_US) {
            host_wait(0);
            serviced_us = board_micros();
        }
        agent_round();
    }
    return 0;
}
