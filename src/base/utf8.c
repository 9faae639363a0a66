/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c - eight ASCII bytes at a time; else lead byte, range of the second, rest. */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* Bytes of the character at text, 0 if it is none. */
static size_t character_at(const unsigned char *text, size_t left)
{
    const unsigned char lead = text[0];
    size_t count = 0;
    unsigned char low = 0x80, high = 0xbf;
    if (lead < 0x80)
        return lead ? 1 : 0;
    if (lead >= 0xc2 && lead <= 0xdf)
        count = 2;
    else if (lead >= 0xe0 && lead <= 0xef)
        count = 3;
    else if (lead >= 0xf0 && lead <= 0xf4)
        count = 4;
    else
        return 0;
    if (lead == 0xe0)
        low = 0xa0;
    else if (lead == 0xed)
        high = 0x9f;
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xf4)
        high = 0x8f;
    if (left < count || text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < count; i++)
        if (text[i] < 0x80 || text[i] > 0xbf)
            return 0;
    return count;
}

bool krni_utf8_valid(const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    while (size) {
        if (size >= 8) {
            uint64_t word;
            memcpy(&word, at, 8);
            const uint64_t no_zero = (word - UINT64_C(0x0101010101010101)) & ~word;
            if (!((word | no_zero) & UINT64_C(0x8080808080808080))) {
                at += 8;
                size -= 8;
                continue;
            }
        }
        const size_t step = character_at(at, size);
        if (!step)
            return false;
        at += step;
        size -= step;
    }
    return true;
}

void krni_utf8_excerpt(const char *text, size_t length, char *out, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t used = 0;
    while (length) {
        size_t step = character_at(at, length);
        const bool plain = step > 1 || (step == 1 && *at >= 0x20 && *at != 0x7f);
        if (!step)
            step = 1;
        if (used + step > size - 4) {
            memcpy(out + used, "...", 3);
            used += 3;
            break;
        }
        if (plain) {
            memcpy(out + used, at, step);
            used += step;
        } else {
            out[used++] = '?';
        }
        at += step;
        length -= step;
    }
    out[used] = '\0';
}
