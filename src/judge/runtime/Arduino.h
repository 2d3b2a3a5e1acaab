/**
 * What a sketch sees of Arduino, for sketches that the host's C++ compiler compiles. It includes no
 * header of the C library, so that a sketch may use any of its names.
 */
#pragma once

namespace arduino {

using int8_t = __INT8_TYPE__;
using uint8_t = __UINT8_TYPE__;
using int16_t = __INT16_TYPE__;
using uint16_t = __UINT16_TYPE__;
using int32_t = __INT32_TYPE__;
using uint32_t = __UINT32_TYPE__;
using byte = uint8_t;
using boolean = bool;

static_assert(sizeof(int) == 4, "a sketch's int has 32 bits");

constexpr int LOW = 0, HIGH = 1;
constexpr int INPUT = 0, OUTPUT = 1, INPUT_PULLUP = 2, INPUT_PULLDOWN = 3;
constexpr int LED_BUILTIN = 13, USER_BTN = 22;
constexpr int A0 = 16, A1 = 17, A2 = 18, A3 = 19, A4 = 20, A5 = 21;
constexpr int DEC = 10, HEX = 16;

void pinMode(int pin, int mode);
void digitalWrite(int pin, int value);
int digitalRead(int pin);
void analogWrite(int pin, int value);
int analogRead(int pin);
void delay(int ms);
unsigned int millis();
unsigned int micros();
bool buttonPressed(int button);
bool buttonReleased(int button);
void printf(const char *format, ...);

/** The overloads of Arduino's Print that this language has. Narrower numbers are promoted to int.
 */
struct SerialPort {
    void begin(unsigned int) {
    }
    void print(const char *text) {
        printf("%s", text);
    }
    void print(char character) {
        printf("%c", character);
    }
    void print(int number) {
        printf("%d", number);
    }
    void print(unsigned int number) {
        printf("%u", number);
    }
    void print(int number, int base) {
        printf(base == HEX ? "%X" : "%d", number);
    }
    void print(unsigned int number, int base) {
        printf(base == HEX ? "%X" : "%u", number);
    }
    void println() {
        printf("\n");
    }
    template <class... Arguments> void println(Arguments... arguments) {
        print(arguments...);
        println();
    }
};
extern SerialPort Serial;

} // namespace arduino

namespace judge {

/** One sketch of the file that is being compiled. */
struct Program {
    void (*begin)();
    /** Null when the sketch has main(). */
    void (*round)();
    /** Rounds of loop(). */
    unsigned int rounds;
};

/** Defined behind the sketches. */
extern const Program programs[];
extern const unsigned int program_count;

/** Stand before and behind a sketch: what its initial values do belongs to it. */
int open_world(unsigned int inputs);
int close_world();

} // namespace judge
