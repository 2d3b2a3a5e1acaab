/** What this build is; the texts are static. */
#ifndef COCKPIT_VERSION_H
#define COCKPIT_VERSION_H

/** Git hash of the sources, `-dirty` after it when they were changed; `unknown` outside a checkout.
 */
const char *version_git(void);

/** `release` or `harness`. */
const char *version_build(void);

#endif
