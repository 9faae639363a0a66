/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_costs.c - the bytes are a .costs file: faults, or variables and formulas whose modes,
 * classes and groups are in range, no two of one key. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/nodus_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same_key(const krn_cost_formula *a, const krn_cost_formula *b)
{
    return a->kind == b->kind && a->mode == b->mode && a->vehicle_class == b->vehicle_class &&
           a->to_mode == b->to_mode && a->to_class == b->to_class && a->group == b->group &&
           a->scenario == b->scenario && a->od_class == b->od_class &&
           a->is_duration == b->is_duration && !a->name == !b->name &&
           (!a->name || strcmp(a->name, b->name) == 0);
}

static void check_formula(const krn_cost_formula *f)
{
    const bool both = !f->name && (f->kind == KRN_COST_TRANSHIP || f->kind == KRN_COST_SWITCH);
    if (!f->text || !*f->text || !f->line || f->mode < 0 || f->mode > 99 || f->vehicle_class < 0 ||
        f->vehicle_class > 99 || f->group < -1 || f->group > 99 || f->od_class < -1 ||
        f->od_class > 99 || f->scenario < -1 || f->scenario > 999)
        abort();
    if ((!f->name && !f->mode) || both != (f->to_mode > 0) || both != (f->to_class > 0) ||
        (f->name && f->is_duration))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 16384)
        return 0;
    krn_arena *arena = krn_arena_new(NULL, (size_t)256 << 20);
    krn_faults *faults = krn_faults_new();
    char *text = malloc(size + 1);
    krn_error err;
    if (!arena || !faults || !text)
        abort();
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    krni_nodus p = {.arena = arena, .faults = faults, .notes = {.arena = arena}};
    /* A file with a NUL in it is a fault and no set. */
    if (krni_nodus_costs(&p, "a.costs", text, size, &err) == KRN_OK &&
        (p.n_sets || !krn_faults_count(faults))) {
        const krn_cost_set *set = &p.sets[0];
        if (p.n_sets != 1 || strcmp(set->name, "a") != 0)
            abort();
        for (uint32_t i = 0; i < set->n_formulas; i++) {
            check_formula(&set->formulas[i]);
            for (uint32_t k = 0; k < i; k++)
                if (same_key(&set->formulas[i], &set->formulas[k]))
                    abort();
        }
    }
    free(text);
    krn_faults_free(faults);
    krn_arena_free(arena);
    return 0;
}
