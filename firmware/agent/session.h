/**
 * The four VMs as the host drives them: upload, run within a budget, trace. All functions take a VM
 * id below CVM_POOL_SIZE.
 */
#ifndef COCKPIT_SESSION_H
#define COCKPIT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "chunks.h"
#include "vm_instance.h"

/** What a VM is doing, as STATUS names it. */
typedef enum {
    SESSION_EMPTY,
    SESSION_LOADED,
    SESSION_RUNNING,
    SESSION_WAITING,
    SESSION_DONE,
} session_state;

/** Why a run ended. */
typedef enum {
    SESSION_NONE,
    SESSION_STEPS,
    SESSION_LOOPS,
    SESSION_HALTED,
    SESSION_FAULT,
    SESSION_STOPPED,
} session_reason;

typedef struct {
    session_state state;
    session_reason reason;
    /** Borrowed, for reading. */
    const cvm_engine *engine;
    /** Every step below it was sent; after a GO in mode `digest`, every epoch. */
    uint32_t sent;
} session_status;

/** What a run tells the host about its steps. */
typedef enum {
    SESSION_FREE,
    /** Only in builds with CVM_TRACE, as the next one. */
    SESSION_TRACED,
    SESSION_DIGEST,
} session_mode;

/** What GO asks for. */
typedef struct {
    session_mode mode;
    bool real_clock;
    /** Further instructions. */
    uint32_t steps;
    /** Rounds since load or reset; 0 = no limit. */
    uint32_t loops;
    /** SESSION_DIGEST: most steps of an epoch, 1..session_epoch_max. */
    uint32_t epoch;
} session_budget;

/** The most steps of an epoch when one VM runs; 0 in a build that can't trace. */
extern const uint32_t session_epoch_max;

/** A part of a VM's memory that PEEK shows. */
typedef enum {
    SESSION_GLOBALS,
    SESSION_ARRAYS,
    SESSION_LENGTHS,
    SESSION_STACK,
    SESSION_FRAMES,
    SESSION_IMAGE,
    /** The last instructions, as trace_ring.h lays them out; nothing in a build without CVM_TRACE.
     */
    SESSION_TRACE,
    /** The digest ring of docs/wire.md; nothing in a build without CVM_TRACE. */
    SESSION_RING,
} session_region;

/** Opens all four VMs, empty. Also for a restart. */
void session_init(void);

/** Of session_executing(): no VM has its turn. */
enum { SESSION_NO_VM = 0xFF };

/**
 * The VM that has its turn now, or SESSION_NO_VM, and in `steps` its steps since load or reset,
 * modulo 2^32, as far as they were counted: those of a stretch of instructions in a row count at
 * its end. For fault handlers: reads memory alone, and can be called in any state.
 */
uint8_t session_executing(uint32_t *steps);

/** A run is under way: RUNNING or WAITING. */
bool session_running(uint8_t vm);

/** The VM has a program. */
bool session_has_program(uint8_t vm);

/** Begins an upload; the old program goes. False when the image doesn't fit. Not while running. */
bool session_load(uint8_t vm, uint32_t size, uint32_t crc32);

/** Bytes of the upload that is under way; NULL when there is none. `size` gets its length. */
uint8_t *session_upload(uint8_t vm, uint32_t *size);

/** Judges the upload and makes it the VM's program. Not while running, and only after session_load.
 */
cvm_image_reason session_commit(uint8_t vm);

#ifdef CVM_TRACE
/** What session_script() came to. */
typedef enum {
    SESSION_SCRIPT_TAKEN,
    /** The arena has no gap that is long enough, or the script is longer than SCRIPT_BYTES. */
    SESSION_SCRIPT_NO_ROOM,
    /** An entry isn't one, or bytes are missing before these. */
    SESSION_SCRIPT_BAD,
} session_script_result;

/**
 * Takes bytes of a script as docs/wire.md says: at offset 0 a new one begins, no bytes there end
 * scripting. It begins anew. Not while running.
 */
session_script_result session_script(uint8_t vm, uint32_t offset, const uint8_t *bytes,
                                     size_t length);

/** Whether the VM has no script, or all of one. */
bool session_script_is_whole(uint8_t vm);
#endif

/** Back to the state after COMMIT. Not while running; only with a program. */
void session_reset(uint8_t vm);

/**
 * Starts a run from the present state. Not while running; only with a program. False when the
 * digest ring has no room for it.
 */
bool session_go(uint8_t vm, const session_budget *budget);

/** Ends a run between two steps; nothing when there is none. */
void session_stop(uint8_t vm);

/** See chunks_acknowledge(), and after a GO in mode `digest` epochs_acknowledge(). */
bool session_acknowledge(uint8_t vm, uint32_t next);

session_status session_get_status(uint8_t vm);

/** Copies part of a region, little-endian as docs/wire.md says. False when it goes beyond. */
bool session_peek(uint8_t vm, session_region region, uint32_t offset, uint32_t length,
                  uint8_t *out);

/** Executes up to a slice of instructions if the VM may run now. True when it did any. */
bool session_slice(uint8_t vm, uint64_t now_us);

/** Microseconds until session_slice() has something to do without the host's help; -1 = never. */
int64_t session_due_us(uint8_t vm, uint64_t now_us);

/** The trace chunk to send next, or NULL. */
const chunk *session_unsent(uint8_t vm);
void session_mark_sent(uint8_t vm);

/** True once for each run, when it ended: DONE is due as soon as every chunk and epoch was sent. */
bool session_done_due(uint8_t vm);
void session_mark_done_sent(uint8_t vm);

/** The names that docs/wire.md gives them. */
const char *session_state_name(session_state state);
const char *session_reason_name(session_reason reason);

#endif
