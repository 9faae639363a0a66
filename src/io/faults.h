/* faults.h - how readers and checks report what is wrong, without stopping at the first one. */
#ifndef IO_FAULTS_H
#define IO_FAULTS_H

#include <stddef.h>
#include <stdint.h>

#include <keruen/io.h>

/* Where a fault is. Faults are listed by rank, file, line, column, and order of finding. */
typedef struct krni_place {
    uint32_t rank;    /* 0 datapackage.json, 1 + krn_table */
    const char *file; /* as in the message */
    uint32_t line;    /* 1-based */
    uint32_t column;  /* order within the line */
    const char *name; /* of the column, or what else is wrong: "(row)" */
} krni_place;

/* Adds "file:line: name: value: WORDS was expected". Value is cut to 60 bytes and cleaned; a blank
 * one reads "(blank)". faults of more than KRNI_MAX_FAULTS are counted only. */
#define KRNI_MAX_FAULTS 10000u
void krni_fault(krn_faults *faults, krni_place where, const char *value, size_t length,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds a text that is whole already and begins with where.file. */
void krni_fault_text(krn_faults *faults, krni_place where, const char *text);

/* Puts all into order; KRN_E_DATA with the first one if there is any, KRN_E_MEMORY if one was
 * lost because memory ran out. */
krn_status krni_faults_close(krn_faults *faults, krn_error *err);

#endif
