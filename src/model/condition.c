/* SPDX-License-Identifier: Apache-2.0 */
/* condition.c - list cells to sets, once per book, so that a query compares numbers only. */
#include "model/condition.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"

static uint32_t count_items(const char *list)
{
    size_t length;
    uint32_t n = 0;
    while (krni_list_next(&list, &length))
        n++;
    return n;
}

static krn_status make_room(krn_arena *arena, const char *list, uint32_t **out, krn_error *err)
{
    *out = krn_arena_alloc(arena, (size_t)count_items(list) * sizeof **out);
    return *out ? KRN_OK : krni_fail_memory(err);
}

krn_status krni_set_countries(krn_arena *arena, const char *list, krni_set *out, krn_error *err)
{
    *out = (krni_set){.blank = true};
    uint32_t *items;
    if (make_room(arena, list, &items, err))
        return KRN_E_MEMORY;
    size_t length;
    uint32_t n = 0;
    bool any = false;
    const char *item;
    while ((item = krni_list_next(&list, &length))) {
        if (length == 3 && memcmp(item, "any", 3) == 0)
            any = true;
        else if (length == 2)
            items[n++] = KRN_COUNTRY((unsigned char)item[0], (unsigned char)item[1]);
    }
    *out = (krni_set){.items = items, .n_items = n, .blank = any || n == 0, .any = any};
    return KRN_OK;
}

krn_status krni_set_rows(const krn_package *package, krn_table table, krn_arena *arena,
                         const char *list, krni_set *out, krn_error *err)
{
    *out = (krni_set){.blank = true};
    uint32_t *items;
    if (make_room(arena, list, &items, err))
        return KRN_E_MEMORY;
    size_t length;
    uint32_t n = 0;
    uint32_t named = 0;
    const char *item;
    while ((item = krni_list_next(&list, &length))) {
        char key[256];
        named++;
        if (length >= sizeof key)
            continue;
        memcpy(key, item, length);
        key[length] = '\0';
        const uint32_t row = krn_package_find(package, table, key);
        if (row != KRN_NO_ROW)
            items[n++] = row;
    }
    *out = (krni_set){.items = items, .n_items = n, .blank = named == 0};
    return KRN_OK;
}

bool krni_set_has(const krni_set *set, uint32_t item)
{
    if (set->blank)
        return true;
    for (uint32_t i = 0; i < set->n_items; i++)
        if (set->items[i] == item)
            return true;
    return false;
}

bool krni_set_has_any(const krni_set *set, const uint32_t *items, uint32_t n_items)
{
    if (set->blank)
        return true;
    for (uint32_t i = 0; i < n_items; i++)
        if (krni_set_has(set, items[i]))
            return true;
    return false;
}

uint16_t krni_class_mask(const krn_package *package, const char *list)
{
    size_t length;
    uint16_t mask = 0;
    bool blank = true;
    const char *item;
    while ((item = krni_list_next(&list, &length))) {
        char key[256];
        blank = false;
        if (length >= sizeof key)
            continue;
        memcpy(key, item, length);
        key[length] = '\0';
        const uint32_t row = krn_package_find(package, KRN_TABLE_CARGO_CLASS, key);
        if (row < KRN_MAX_CARGO_CLASSES)
            mask = (uint16_t)(mask | (1u << row));
    }
    return blank ? UINT16_MAX : mask;
}

krn_mode krni_mode_named(const char *name, size_t length)
{
    for (int m = 0; m < KRN_MODE_COUNT; m++) {
        const char *known = krn_mode_name((krn_mode)m);
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return (krn_mode)m;
    }
    return KRN_MODE_COUNT;
}

unsigned krni_mode_mask(const char *list)
{
    size_t length;
    unsigned mask = 0;
    const char *item;
    while ((item = krni_list_next(&list, &length))) {
        const krn_mode mode = krni_mode_named(item, length);
        if (mode != KRN_MODE_COUNT)
            mask |= 1u << mode;
        else if (length == 3 && memcmp(item, "any", 3) == 0)
            mask |= KRN_ALL_MODES;
    }
    return mask ? mask : KRN_ALL_MODES;
}

static bool begins_with(const char *code, const char *prefix, size_t length)
{
    size_t at = 0;
    for (; *code && at < length; code++) {
        if (*code == '.' || *code == ' ')
            continue;
        if (prefix[at] == '.' || prefix[at] == ' ') {
            at++;
            code--;
            continue;
        }
        if (*code != prefix[at])
            return false;
        at++;
    }
    return at == length;
}

bool krni_goods_match(const char *prefixes, const char *hs_code)
{
    size_t length;
    const char *item;
    while ((item = krni_list_next(&prefixes, &length)))
        if (begins_with(hs_code, item, length))
            return true;
    return false;
}

krni_days krni_days_of(const krn_package *package, krn_table table, uint32_t row, int from_column,
                       int to_column)
{
    const double from = krni_number(package, table, row, from_column);
    const double to = krni_number(package, table, row, to_column);
    krni_days days = {INT32_MIN, INT32_MAX};
    if (!isnan(from))
        days.from = (int32_t)from;
    if (!isnan(to))
        days.to = (int32_t)to;
    return days;
}
