/** How the runtime writes, and how a sketch ends. */
#pragma once

namespace judge {

/**
 * Writes a text, some time before the process ends. Kept in memory until then, so that what a
 * sketch did before a signal is not lost: write() may be called in a handler, stdio may not.
 */
void put(const char *text);

/** Ends the process; `why` is what ended the sketch. */
[[noreturn]] void stop(const char *why);

/** From now on, a sketch that goes wrong or does not end says so. */
void guard();

/** A sketch has 10 s from now on, or as long as it likes. */
void start_clock();
void stop_clock();

} // namespace judge
