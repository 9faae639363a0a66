/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_formula.c - the bytes are a formula: refused with its place, or computed to a finite number
 * or a fault; the value does not hang on whether a slope is asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/formula.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"LENGTH", "SPEED", "VOLUME", "CAPACITY", "alpha"};
    static const double values[] = {12.5, 80.0, 1500.0, 2000.0, 4.0};
    if (size > KRNI_FORMULA_MOST_TEXT + 8)
        return 0;
    char *text = malloc(size + 1);
    krn_arena *arena = krn_arena_new(NULL, (size_t)16 << 20);
    const krni_formula *formula;
    krn_error err = {0};
    if (!text || !arena)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    const krn_status status = krni_formula_compile(text, names, 5, arena, &formula, &err);
    if (status) {
        if (status != KRN_E_DATA || !err.text[0])
            abort();
    } else {
        double value = NAN, again = NAN, slope;
        const krn_status first =
            krni_formula_compute(formula, values, KRNI_FORMULA_NO_SLOT, &value, NULL, &err);
        const krn_status second = krni_formula_compute(formula, values, 2, &again, &slope, &err);
        if (first != second || (!first && (!isfinite(value) || value != again)))
            abort();
        if (!first && !krni_formula_uses(formula, 2) && slope != 0.0)
            abort();
    }
    krn_arena_free(arena);
    free(text);
    return 0;
}
