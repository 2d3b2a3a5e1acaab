/*
 * Handlers, table and run loop in one translation unit, for CVM_DISPATCH=SWITCH: the run loop can
 * have the handlers' bodies in the place of calls.
 */
#include "vm_handlers_arithmetic.c"
#include "vm_handlers_bitwise.c"
#include "vm_handlers_call.c"
#include "vm_handlers_compare.c"
#include "vm_handlers_io.c"
#include "vm_handlers_jump.c"
#include "vm_handlers_logic.c"
#include "vm_handlers_memory.c"
#include "vm_handlers_stack.c"
/* Use what is above. */
#include "vm_dispatch.c"
#include "vm_loop.c"
