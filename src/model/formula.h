/* formula.h - an arithmetic expression over named numbers, compiled once and computed often.
 *
 *     (AVGSPEED / SPEED) * LENGTH * BPR(VOLUME, CAPACITY, 4, 0.15)
 *
 *   or        a || b, a && b                        1 or 0; both sides are computed
 *   compare   a < b  <=  >  >=  = ==  !=            1 or 0; alike within 1e-10
 *   add       a + b, a - b
 *   multiply  a * b, a / b, a % b
 *   power     a ^ b, a ** b                         2^3^2 is (2^3)^2
 *   sign      -a                                    binds closer than ^: -2^2 is 4, 1-2^2 is -3
 *   atom      (a)  |a|  12.5  1e-3  2k  NAME  NAME.1,2  function(a, ...)
 *
 * This is the grammar of parsii, the expression parser of NODUS. Numbers take n u m k K M G behind
 * them (2k is 2000). Functions are found whatever their case: min max abs sqrt exp ln log (of 10)
 * pow ceil floor round sign sin cos tan sinh cosh tanh asin acos atan atan2 deg rad
 * if(condition, then, otherwise) AVG(a, ...) HOURS MINUTES SECONDS(length, speed)
 * BPR(v, c, a, b) = 1 + b (v/c)^a  and  CONICAL(v, c, a) = 2 + sqrt(a^2 (1-v/c)^2 + e^2) -
 * a (1-v/c) - e with e = (2a-1) / (2a-2).
 *
 *   ownership  a formula lives in the arena; the text is copied
 *   bounds     KRNI_FORMULA_MOST_TEXT bytes, KRNI_FORMULA_MOST_DEPTH values waiting or brackets
 *   errors     KRN_E_DATA: position (from 1), text, what was expected; KRN_E_MEMORY */
#ifndef MODEL_FORMULA_H
#define MODEL_FORMULA_H

#include <stdbool.h>
#include <stdint.h>

#include <keruen/arena.h>

#define KRNI_FORMULA_MOST_TEXT  4096u
#define KRNI_FORMULA_MOST_DEPTH 64u
#define KRNI_FORMULA_NO_SLOT    UINT32_MAX

typedef struct krni_formula krni_formula;

/* names[i] is the variable whose value stands in slot i; of two alike the first one. */
krn_status krni_formula_compile(const char *text, const char *const *names, uint32_t n_names,
                                krn_arena *arena, const krni_formula **out, krn_error *err);

/* Whether a variable stands in it. O(length). */
bool krni_formula_uses(const krni_formula *formula, uint32_t slot);

/* Whether it has one form everywhere: sums, products, powers, BPR; no condition, rounding, choice.
 */
bool krni_formula_is_plain(const krni_formula *formula);

/* Value, and with out_slope (may be NULL) its derivative by the variable in slope_slot, which need
 * not be finite where the formula is steep. KRN_E_DATA on division by zero and on any value that is
 * not a finite number. O(length). */
krn_status krni_formula_compute(const krni_formula *formula, const double *values,
                                uint32_t slope_slot, double *out_value, double *out_slope,
                                krn_error *err);

const char *krni_formula_text(const krni_formula *formula);

#endif
