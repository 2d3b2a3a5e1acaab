#include "version.h"

/* Written by the build: COCKPIT_GIT. */
#ifdef COCKPIT_HAVE_GIT_HEADER
#include "cockpit_git.h"
#endif

#ifndef COCKPIT_GIT
#define COCKPIT_GIT "unknown"
#endif

const char *version_git(void) {
    return COCKPIT_GIT;
}

const char *version_build(void) {
#ifdef CVM_TRACE
    return "harness";
#else
    return "release";
#endif
}
