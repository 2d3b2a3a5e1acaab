/**
 * The serial agent: answers the requests of docs/wire.md, and runs the VMs in between. Uses the
 * board functions of board.h and nothing else of the board.
 */
#ifndef COCKPIT_AGENT_H
#define COCKPIT_AGENT_H

/** Starts, or starts anew, with four empty VMs. The board must be ready. */
void agent_start(void);

/** One round: at most one request, one event, a slice of each VM; sleeps when there was nothing to
 * do. */
void agent_round(void);

#endif
