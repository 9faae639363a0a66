/* SPDX-License-Identifier: Apache-2.0 */
/* faults.c - a list of texts that is sorted once, by place. */
#include "io/faults.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

typedef struct fault {
    uint32_t rank, line, column, number;
    size_t file_length;
    char *text; /* begins with the file */
} fault;

struct krn_faults {
    fault *list;
    uint32_t n, room;
    uint32_t n_lost; /* beyond the bound */
    bool failed;     /* no memory for one of them */
};

krn_faults *krn_faults_new(void)
{
    return calloc(1, sizeof(krn_faults));
}

void krn_faults_free(krn_faults *faults)
{
    if (!faults)
        return;
    for (uint32_t i = 0; i < faults->n; i++)
        free(faults->list[i].text);
    free(faults->list);
    free(faults);
}

uint32_t krn_faults_count(const krn_faults *faults)
{
    return faults->n;
}

const char *krn_faults_text(const krn_faults *faults, uint32_t index)
{
    assert(index < faults->n);
    return faults->list[index].text;
}

static void add_text(krn_faults *faults, krni_place where, const char *text)
{
    if (faults->n == faults->room) {
        const uint32_t room = faults->room ? 2 * faults->room : 16;
        fault *list = realloc(faults->list, room * sizeof *list);
        if (!list) {
            faults->failed = true;
            return;
        }
        faults->list = list;
        faults->room = room;
    }
    const size_t size = strlen(text) + 1;
    fault *f = &faults->list[faults->n];
    f->text = malloc(size);
    if (!f->text) {
        faults->failed = true;
        return;
    }
    memcpy(f->text, text, size);
    f->rank = where.rank;
    f->line = where.line;
    f->column = where.column;
    f->number = faults->n;
    f->file_length = strlen(where.file);
    faults->n++;
}

void krni_fault(krn_faults *faults, krni_place where, const char *value, size_t length,
                const char *format, ...)
{
    char text[KRN_ERROR_TEXT_SIZE], excerpt[64], words[640];
    va_list args;
    if (faults->n >= KRNI_MAX_FAULTS) {
        faults->n_lost++;
        return;
    }
    va_start(args, format);
    (void)vsnprintf(words, sizeof words, format, args);
    va_end(args);
    krni_utf8_excerpt(value, length, excerpt, sizeof excerpt);
    (void)snprintf(text, sizeof text, "%s:%u: %s: %s: %s was expected", where.file,
                   (unsigned)where.line, where.name, length ? excerpt : "(blank)", words);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    add_text(faults, where, text);
}

void krni_fault_text(krn_faults *faults, krni_place where, const char *text)
{
    if (faults->n >= KRNI_MAX_FAULTS)
        faults->n_lost++;
    else
        add_text(faults, where, text);
}

static int compare_faults(const void *a, const void *b)
{
    const fault *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    const size_t shorter = x->file_length < y->file_length ? x->file_length : y->file_length;
    const int order = strncmp(x->text, y->text, shorter);
    if (order)
        return order;
    if (x->file_length != y->file_length)
        return x->file_length < y->file_length ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

krn_status krni_faults_close(krn_faults *faults, krn_error *err)
{
    if (faults->n_lost && !faults->failed) {
        char text[96];
        const krni_place last = {UINT32_MAX, "further faults", 1, 0, ""};
        (void)snprintf(text, sizeof text, "further faults: %u are not listed",
                       (unsigned)faults->n_lost);
        add_text(faults, last, text);
        faults->n_lost = 0;
    }
    if (faults->failed)
        return krni_fail_memory(err);
    if (!faults->n)
        return KRN_OK;
    qsort(faults->list, faults->n, sizeof *faults->list, compare_faults);
    return krni_fail(err, KRN_E_DATA, "%s", faults->list[0].text);
}
