/* SPDX-License-Identifier: Apache-2.0 */
/* regime.c - the transport law of a leg in a country, and sanctions facts that touch a route.
 *
 * A regime that already holds is kept where it also holds in the next country; else the lowest rank
 * is taken, a row that names the country before one for any, then the id. Sanctions are facts with
 * a source, shown when countries, places, modes and goods of the route meet them; never advice. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/rule_book.h"

static int compare_regimes(const void *a, const void *b)
{
    const krni_regime *x = a;
    const krni_regime *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (!x->country != !y->country)
        return x->country ? -1 : 1;
    return strcmp(x->id, y->id);
}

krn_status krni_regimes_make(krn_rule_book *book, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_REGIME;
    book->n_regimes = krn_package_rows(p, t);
    book->regimes = krn_arena_calloc(book->arena, book->n_regimes, sizeof *book->regimes);
    if (!book->regimes)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < book->n_regimes; row++) {
        const char *mode = krni_text(p, t, row, REGIME_MODE);
        book->regimes[row] =
            (krni_regime){.row = row,
                          .id = krni_text(p, t, row, REGIME_REGIME_ID),
                          .name = krni_text(p, t, row, REGIME_REGIME),
                          .mode = krni_mode_named(mode, strlen(mode)),
                          .country = krn_country_parse(krni_text(p, t, row, REGIME_COUNTRY)),
                          .rank = (int)krni_number_or(p, t, row, REGIME_RANK, 0.0),
                          .days = krni_days_of(p, t, row, REGIME_VALID_FROM, REGIME_VALID_TO)};
    }
    qsort(book->regimes, book->n_regimes, sizeof *book->regimes, compare_regimes);
    return KRN_OK;
}

const char *krn_rule_regime(const krn_rule_book *book, krn_mode mode, krn_country country,
                            const char *held, int32_t day, krn_figure *out_figure)
{
    const krni_regime *best = NULL;
    for (uint32_t i = 0; i < book->n_regimes; i++) {
        const krni_regime *r = &book->regimes[i];
        if (r->mode != mode || (r->country && r->country != country) ||
            !krni_days_hold(r->days, day))
            continue;
        if (!best)
            best = r;
        if (held && *held && strcmp(r->name, held) == 0) {
            best = r;
            break;
        }
    }
    if (out_figure)
        *out_figure =
            best ? krni_figure(KRN_TABLE_REGIME, best->row, REGIME_REGIME) : krn_figure_none();
    return best ? best->name : "";
}

krn_status krni_sanctions_make(krn_rule_book *book, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_SANCTION;
    book->n_sanctions = krn_package_rows(p, t);
    book->sanctions = krn_arena_calloc(book->arena, book->n_sanctions, sizeof *book->sanctions);
    if (!book->sanctions)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < book->n_sanctions; row++) {
        krni_sanction *s = &book->sanctions[row];
        s->modes = krni_mode_mask(krni_text(p, t, row, SANCTION_MODES));
        s->hs_prefixes = krni_text(p, t, row, SANCTION_HS_PREFIXES);
        s->hs_except = krni_text(p, t, row, SANCTION_HS_EXCEPT);
        s->days = krni_days_of(p, t, row, SANCTION_VALID_FROM, SANCTION_VALID_TO);
        if (krni_set_countries(book->arena, krni_text(p, t, row, SANCTION_COUNTRIES), &s->countries,
                               err) ||
            krni_set_rows(p, KRN_TABLE_NODE, book->arena, krni_text(p, t, row, SANCTION_NODE_IDS),
                          &s->nodes, err))
            return KRN_E_MEMORY;
    }
    return KRN_OK;
}

static bool touches_countries(const krni_set *set, const krn_rule_case *question)
{
    if (krni_set_has(set, question->origin) || krni_set_has(set, question->destination))
        return true;
    for (uint32_t i = 0; question->countries && i < question->n_countries; i++)
        if (krni_set_has(set, question->countries[i]))
            return true;
    return false;
}

static bool touches(const krni_sanction *s, const krn_rule_case *question, unsigned modes)
{
    const char *hs_code = question->load->hs_code;
    if (!(s->modes & modes) || !krni_days_hold(s->days, question->day))
        return false;
    if (*s->hs_prefixes && !krni_goods_match(s->hs_prefixes, hs_code))
        return false;
    if (*s->hs_except && krni_goods_match(s->hs_except, hs_code))
        return false;
    if (!touches_countries(&s->countries, question))
        return false;
    return !question->nodes || krni_set_has_any(&s->nodes, question->nodes, question->n_nodes);
}

krn_status krn_rule_sanctions(const krn_rule_book *book, const krn_rule_case *question,
                              unsigned modes, krn_arena *arena, uint32_t *out_n,
                              uint32_t **out_rows, krn_error *err)
{
    uint32_t *rows = krn_arena_alloc(arena, book->n_sanctions * sizeof *rows);
    *out_n = 0;
    *out_rows = rows;
    if (!rows)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < book->n_sanctions; row++) {
        if (!touches(&book->sanctions[row], question, modes))
            continue;
        const char *id = krni_text(book->package, KRN_TABLE_SANCTION, row, SANCTION_SANCTION_ID);
        uint32_t at = (*out_n)++;
        for (; at > 0 && strcmp(krni_text(book->package, KRN_TABLE_SANCTION, rows[at - 1],
                                          SANCTION_SANCTION_ID),
                                id) > 0;
             at--)
            rows[at] = rows[at - 1]; /* in the order of their ids */
        rows[at] = row;
    }
    return KRN_OK;
}
