/**
 * Where data goes that only the test harness needs. A board whose memory has a separate block for
 * it defines HARNESS_DATA as the attribute that places a variable there; it starts as zeros.
 */
#ifndef COCKPIT_HARNESS_H
#define COCKPIT_HARNESS_H

#ifndef HARNESS_DATA
#define HARNESS_DATA
#endif

#endif
