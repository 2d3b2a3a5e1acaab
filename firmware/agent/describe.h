/** The agent in plain words. */
#ifndef COCKPIT_DESCRIBE_H
#define COCKPIT_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

/** Console lines about the agent and its VMs for a person. Returns their bytes, at most `capacity`.
 */
size_t describe(char *text, size_t capacity, uint32_t bad_frames);

#endif
