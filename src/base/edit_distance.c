/* SPDX-License-Identifier: Apache-2.0 */
/* edit_distance.c - Damerau-Levenshtein distance (optimal string alignment) with a cut-off.
 *
 * Three rows of the table are kept: a swap looks two rows back. A row whose smallest entry is over
 * the limit ends the work. */
#include "base/edit_distance.h"

#include <string.h>

#define LONGEST 63u

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t krni_edit_distance(const char *a, const char *b, uint32_t limit)
{
    const size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
    const size_t gap = n > m ? n - m : m - n;
    if (gap > limit)
        return limit + 1;
    uint32_t rows[3][LONGEST + 1];
    uint32_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (uint32_t j = 0; j <= m; j++)
        last[j] = j;
    for (size_t i = 1; i <= n; i++) {
        uint32_t smallest = now[0] = (uint32_t)i;
        for (size_t j = 1; j <= m; j++) {
            const uint32_t differs = a[i - 1] != b[j - 1];
            uint32_t best = least(last[j] + 1, now[j - 1] + 1);
            best = least(best, last[j - 1] + differs);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = least(best, before[j - 2] + 1);
            now[j] = best;
            smallest = least(smallest, best);
        }
        if (smallest > limit)
            return limit + 1;
        uint32_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[m] > limit ? limit + 1 : last[m];
}

uint32_t krni_edit_allowance(size_t length)
{
    return length < 3 ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3;
}

static void lower(const char *text, char out[LONGEST + 1])
{
    size_t n = 0;
    for (; text[n] && n < LONGEST; n++)
        out[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char)(text[n] - 'A' + 'a') : text[n];
    out[n] = '\0';
}

int krni_nearest(const char *text, const char *const *words, size_t n)
{
    char given[LONGEST + 1], word[LONGEST + 1];
    lower(text, given);
    const size_t length = strlen(given);
    const uint32_t allowance = krni_edit_allowance(length);
    uint32_t best = allowance + 1;
    int nearest = -1, begins = -1;
    for (size_t i = 0; i < n; i++) {
        lower(words[i], word);
        const uint32_t distance = krni_edit_distance(given, word, allowance);
        if (distance < best) {
            best = distance;
            nearest = (int)i;
        }
        if (begins < 0 && length >= 2 && strncmp(word, given, length) == 0)
            begins = (int)i;
    }
    return nearest >= 0 ? nearest : begins;
}
