/**
 * Runs sketches in the world of src/judge/world.ts, which this must equal to the bit, and writes
 * what they do to stdout: for each sketch its events, one a line, and `= ended`, or `= ` and what
 * stopped it.
 */
#include "Arduino.h"
#include "output.h"

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using judge::guard, judge::put, judge::start_clock, judge::stop, judge::stop_clock;

namespace {

/** Sketches in one file. Equal to MAX_SKETCHES of host-compiler.ts. */
constexpr unsigned MAX_PROGRAMS = 64;
/** After so many events a sketch counts as endless. Equal to MAX_EVENTS of world.ts. */
constexpr unsigned MAX_EVENTS = 10'000;
/** Longest text of initial values' events, in bytes. */
constexpr size_t PRELUDE = 64 * 1024;
/** Longest printed text that is compared; the VM prints at most 255 bytes at once. */
constexpr int MAX_TEXT = 1024;

constexpr int PINS = 23;

struct World {
    uint32_t state;
    bool quiet;
    uint64_t us;
    uint8_t modes[PINS];
    uint8_t levels[PINS];
    unsigned events;
    /** Events from before main(). */
    char *prelude;
    size_t prelude_length;
};

World worlds[MAX_PROGRAMS];
unsigned opened = 0;
World *world = nullptr;
bool running = false;

/** xorshift32. */
uint32_t next() {
    uint32_t x = world->state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    world->state = x;
    return x;
}

uint64_t start_time() {
    const uint32_t kind = next() & 3;
    const uint32_t amount = next();
    switch (kind) {
    case 0: // micros() and millis() are about to wrap
        return 4'294'967'296'000u - amount % 5'000'000u;
    case 1: // micros() is about to wrap
        return 4'294'967'296u - amount % 5'000'000u;
    case 2:
        return amount % 1'000'000u;
    default:
        return uint64_t{amount} * 1000u;
    }
}

/** Writes one event. */
__attribute__((format(printf, 1, 2))) void event(const char *format, ...) {
    char line[5 * MAX_TEXT];
    std::va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    std::strcpy(line + length, "\n");
    world->events += 1;
    if (world->events > MAX_EVENTS)
        stop("too many events");
    if (running) {
        put(line);
        return;
    }
    if (world->prelude == nullptr)
        world->prelude = static_cast<char *>(std::calloc(PRELUDE, 1));
    if (world->prelude_length + size_t(length) + 2 > PRELUDE)
        stop("too many events");
    std::strcpy(world->prelude + world->prelude_length, line);
    world->prelude_length += size_t(length) + 1;
}

void require_pin(int pin) {
    if (pin < 0 || pin >= PINS)
        stop("no such pin");
}

/** Asks for the time, which takes some. */
void pass_time() {
    uint32_t step = 100;
    if (!world->quiet) {
        const uint32_t number = next();
        step = (number >> 8) % ((number & 15) == 0 ? 100'000u : 2'000u);
    }
    world->us += step;
}

int level() {
    return world->quiet ? 0 : int(next() >> 16 & 1);
}

bool pressed(int button) {
    const int value = level();
    event("button %d = %d", button, value);
    return value == 1;
}

void print(const char *text, int length) {
    char line[4 * MAX_TEXT + 1];
    char *at = line;
    for (int i = 0; i < length; i++) {
        const unsigned char byte = static_cast<unsigned char>(text[i]);
        const bool plain = byte >= ' ' && byte < 0x7F && byte != '\\';
        if (byte == '\n') {
            *at++ = '\\';
            *at++ = 'n';
        } else {
            at += std::sprintf(at, plain ? "%c" : "\\x%02x", byte);
        }
    }
    *at = 0;
    event("print %s", line);
}

void run(const judge::Program &program) {
    program.begin();
    for (unsigned i = 0; program.round != nullptr && i < program.rounds; i++)
        program.round();
    stop("ended");
}

} // namespace

namespace judge {

int open_world(unsigned int inputs) {
    if (opened == 0)
        guard();
    if (opened == MAX_PROGRAMS)
        stop("too many sketches");
    world = &worlds[opened++];
    world->quiet = inputs == 0;
    // xorshift never leaves 0.
    world->state = (inputs ^ 0x9E37'79B9u) == 0 ? 1 : inputs ^ 0x9E37'79B9u;
    for (int i = 0; i < 4; i++)
        next();
    world->us = world->quiet ? 0 : start_time();
    return 0;
}

int close_world() {
    world = nullptr;
    return 0;
}

} // namespace judge

namespace arduino {

SerialPort Serial;

void pinMode(int pin, int mode) {
    require_pin(pin);
    world->modes[pin] = uint8_t(mode);
    event("pinMode %d %d", pin, mode);
}

void digitalWrite(int pin, int value) {
    require_pin(pin);
    world->levels[pin] = value != 0;
    event("digitalWrite %d %d", pin, value != 0);
}

int digitalRead(int pin) {
    require_pin(pin);
    const int value = world->modes[pin] == OUTPUT ? world->levels[pin] : level();
    event("digitalRead %d = %d", pin, value);
    return value;
}

void analogWrite(int pin, int value) {
    require_pin(pin);
    event("analogWrite %d %d", pin, value);
}

int analogRead(int pin) {
    require_pin(pin);
    int value = 0;
    if (!world->quiet) {
        const uint32_t number = next();
        // The ends of the range come often.
        value = (number & 7) == 0 ? 0 : (number & 7) == 1 ? 4095 : int(number >> 20);
    }
    event("analogRead %d = %d", pin, value);
    return value;
}

void delay(int ms) {
    world->us += uint64_t{uint32_t(ms)} * 1000u;
    event("delay %d", ms);
}

unsigned int millis() {
    pass_time();
    const uint32_t value = uint32_t(world->us / 1000u);
    event("millis = %u", value);
    return value;
}

unsigned int micros() {
    pass_time();
    const uint32_t value = uint32_t(world->us);
    event("micros = %u", value);
    return value;
}

bool buttonPressed(int button) {
    return pressed(button);
}

bool buttonReleased(int button) {
    return !pressed(button);
}

void printf(const char *format, ...) {
    char text[MAX_TEXT];
    std::va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print(text, length < MAX_TEXT ? length : MAX_TEXT - 1);
}

} // namespace arduino

/** Each sketch in a process of its own, so that one that dies does not take the others along. */
int main() {
    stop_clock();
    for (unsigned i = 0; i < judge::program_count; i++) {
        const pid_t child = fork();
        if (child < 0)
            return 1;
        if (child == 0) {
            start_clock();
            world = &worlds[i];
            running = true;
            if (world->prelude != nullptr)
                put(world->prelude);
            run(judge::programs[i]);
        }
        int status = 0;
        if (waitpid(child, &status, 0) != child)
            return 1;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return 1;
    }
    return 0;
}
