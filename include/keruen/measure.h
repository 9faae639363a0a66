/* measure.h - dated changes to tables: agreements, investments, tariffs, waivers.
 *
 * Base tables describe the world without the measures. Those in force on the day of the query apply
 * by themselves; a choice switches others on or some off. The result is a package again, so no
 * engine knows of measures.
 *
 *   ownership  a scenario is a package; free it before its base
 *   errors     KRN_E_NOT_FOUND (no measure of that id; nearest ids in the text), KRN_E_DATA (a
 * change meets no row, a changed cell no longer fits its type), KRN_E_MEMORY
 */
#ifndef KERUEN_MEASURE_H
#define KERUEN_MEASURE_H

#include <keruen/arena.h>
#include <keruen/package.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_measure_choice {
    int32_t day;             /* days since 1970-01-01: what is in force */
    const char *const *with; /* ids switched on */
    uint32_t n_with;
    const char *const *without; /* ids switched off; "all" switches off every one in force */
    uint32_t n_without;
} krn_measure_choice;

/* Two measures that set the same cell; the second one stands. */
typedef struct krn_measure_conflict {
    krn_figure figure;      /* in the scenario */
    uint32_t first, second; /* rows of KRN_TABLE_MEASURE */
} krn_measure_conflict;

typedef struct krn_measure_report {
    uint32_t n_applied;
    const uint32_t *applied; /* rows of KRN_TABLE_MEASURE, in the order of application */
    uint32_t n_conflicts;
    const krn_measure_conflict *conflicts;
} krn_measure_report;

/* base with the chosen measures, in order of in_force_from (blank last), then id, own ones last.
 * report may be NULL; its lists live in arena. Under 10 ms on the shipped corridor. */
KRN_API krn_status krn_measure_apply(const krn_package *base, const krn_measure_choice *choice,
                                     krn_arena *arena, krn_measure_report *report,
                                     krn_package **out, krn_error *err);

/* Whether a measure is in force on a day by its dates. */
KRN_API bool krn_measure_in_force(const krn_package *package, uint32_t measure, int32_t day);

/* Number of changes that a measure makes, and one of them in words ("border: 2 rows: scale
 * dwell_typical_h by 0.5"). From the arena; NULL when memory runs out. */
KRN_API uint32_t krn_measure_changes(const krn_package *package, uint32_t measure);
KRN_API char *krn_measure_change_text(const krn_package *package, uint32_t measure, uint32_t change,
                                      krn_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
