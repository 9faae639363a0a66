/* SPDX-License-Identifier: Apache-2.0 */
/* damage.h - one change of bytes of a file in a memory_folder, and the faults that it must raise.
 *
 *   SWAP  the first bytes that are alike go for others, of any length
 *   PUT   bytes over those at a place
 *   CUT   the file ends there; at 0 it is not there at all */
#ifndef SUPPORT_DAMAGE_H
#define SUPPORT_DAMAGE_H

#include "support/memory_folder.h"

typedef struct damage {
    const char *file;
    const char *old; /* NULL: the bytes at `at` */
    size_t n_old, at;
    const char *bytes; /* NULL: the file ends at `at` */
    size_t n_bytes;
    const char *faults; /* all of them, exactly, in order, '\n' between */
} damage;

#define SWAP(file, old, new, faults)                                                               \
    {                                                                                              \
        file, old, sizeof(old) - 1, 0, new, sizeof(new) - 1, faults                                \
    }
#define PUT(file, at, bytes, faults)                                                               \
    {                                                                                              \
        file, NULL, 0, at, bytes, sizeof(bytes) - 1, faults                                        \
    }
#define CUT(file, at, faults)                                                                      \
    {                                                                                              \
        file, NULL, 0, at, NULL, 0, faults                                                         \
    }

/* Both fail the test: when the bytes are not there, and when other faults were told. */
void damage_apply(memory_folder *folder, const damage *d);
void damage_check_faults(const krn_faults *faults, const char *expected);

#endif
