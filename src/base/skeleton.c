/* SPDX-License-Identifier: Apache-2.0 */
/* skeleton.c - names of any known script as one Latin skeleton, so that different spellings meet.
 *
 *   Қостанай  Костанай  Kostanay  kostanai   -> kostanai
 *   Ашхабад   Aşgabat   Ashgabat             -> ashabad, ashgabat (a typing error apart)
 *   بندرعباس  Bandar Abbas  Бендер-Аббас     -> bones bndrbs
 *
 * Two steps. First every letter becomes Latin by the table below (Cyrillic with Kazakh letters,
 * Arabic script with Persian and Kazakh letters, Turkmen Latin); other letters lose their marks.
 * Then Latin spellings of one sound become one letter (kh -> h, gh -> g, zh and dj -> j, sh -> x,
 * ch -> c, y -> i, w -> v, ...) and doubled letters one. Persian writes no short vowels: bones drop
 * vowels, v and i (which stand for vowels there), a final h, and the blanks between words. */
#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

typedef struct letter {
    int32_t codepoint; /* lower case */
    const char *latin;
} letter;

/* By code point. */
static const letter letters[] = {
    {0x00DF, "ss"}, /* ß */
    {0x00E4, "a"},  /* ä */
    {0x00E6, "ae"}, /* æ */
    {0x00E7, "ch"}, /* ç Turkmen, Turkish */
    {0x00F0, "d"},  /* ð */
    {0x00F8, "o"},  /* ø */
    {0x00FD, "y"},  /* ý Turkmen */
    {0x00FE, "th"}, /* þ */
    {0x010D, "ch"}, /* č */
    {0x0111, "d"},  /* đ */
    {0x011F, "gh"}, /* ğ Turkish */
    {0x0131, "i"},  /* ı */
    {0x0142, "l"},  /* ł */
    {0x0148, "n"},  /* ň Turkmen */
    {0x015F, "sh"}, /* ş Turkmen */
    {0x0161, "sh"}, /* š */
    {0x017E, "zh"}, /* ž Turkmen */
    {0x0259, "a"},  /* ə Azerbaijani */
    /* Cyrillic */
    {0x0430, "a"},
    {0x0431, "b"},
    {0x0432, "v"},
    {0x0433, "g"},
    {0x0434, "d"},
    {0x0435, "e"},
    {0x0436, "zh"},
    {0x0437, "z"},
    {0x0438, "i"},
    {0x0439, "y"},
    {0x043A, "k"},
    {0x043B, "l"},
    {0x043C, "m"},
    {0x043D, "n"},
    {0x043E, "o"},
    {0x043F, "p"},
    {0x0440, "r"},
    {0x0441, "s"},
    {0x0442, "t"},
    {0x0443, "u"},
    {0x0444, "f"},
    {0x0445, "kh"},
    {0x0446, "ts"},
    {0x0447, "ch"},
    {0x0448, "sh"},
    {0x0449, "sh"},
    {0x044A, ""},
    {0x044B, "y"},
    {0x044C, ""},
    {0x044D, "e"},
    {0x044E, "yu"},
    {0x044F, "ya"},
    {0x0451, "e"},  /* ё */
    {0x0454, "e"},  /* є */
    {0x0456, "i"},  /* і Kazakh */
    {0x0457, "i"},  /* ї */
    {0x045E, "u"},  /* ў */
    {0x0493, "gh"}, /* ғ Kazakh */
    {0x0497, "zh"}, /* җ Turkmen Cyrillic */
    {0x049B, "q"},  /* қ Kazakh */
    {0x04A3, "n"},  /* ң Kazakh */
    {0x04AF, "u"},  /* ү Kazakh */
    {0x04B1, "u"},  /* ұ Kazakh */
    {0x04B3, "h"},  /* ҳ */
    {0x04BB, "h"},  /* һ Kazakh */
    {0x04D9, "a"},  /* ә Kazakh */
    {0x04E9, "o"},  /* ө Kazakh */
    /* Arabic script */
    {0x0621, ""},
    {0x0622, "a"},
    {0x0623, "a"},
    {0x0624, "u"},
    {0x0625, "i"},
    {0x0626, "i"},
    {0x0627, "a"},
    {0x0628, "b"},
    {0x0629, "h"},
    {0x062A, "t"},
    {0x062B, "s"},
    {0x062C, "j"},
    {0x062D, "h"},
    {0x062E, "kh"},
    {0x062F, "d"},
    {0x0630, "z"},
    {0x0631, "r"},
    {0x0632, "z"},
    {0x0633, "s"},
    {0x0634, "sh"},
    {0x0635, "s"},
    {0x0636, "z"},
    {0x0637, "t"},
    {0x0638, "z"},
    {0x0639, ""},
    {0x063A, "gh"},
    {0x0640, ""}, /* tatweel */
    {0x0641, "f"},
    {0x0642, "q"},
    {0x0643, "k"},
    {0x0644, "l"},
    {0x0645, "m"},
    {0x0646, "n"},
    {0x0647, "h"},
    {0x0648, "v"},
    {0x0649, "i"},
    {0x064A, "i"},
    {0x0671, "a"},
    {0x0674, ""}, /* Kazakh high hamza: softens the word */
    {0x067E, "p"},
    {0x0686, "ch"},
    {0x0698, "zh"},
    {0x06A9, "k"},
    {0x06AD, "n"}, /* Kazakh ң */
    {0x06AF, "g"},
    {0x06BE, "h"},
    {0x06C6, "v"}, /* Kazakh */
    {0x06C7, "u"},
    {0x06C9, "u"},
    {0x06CB, "v"},
    {0x06CC, "i"},
    {0x06D5, "e"},
};

#define N_LETTERS (sizeof letters / sizeof letters[0])

static const char *latin_of(int32_t codepoint)
{
    size_t low = 0, high = N_LETTERS;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (letters[middle].codepoint == codepoint)
            return letters[middle].latin;
        if (letters[middle].codepoint < codepoint)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool krni_is_arabic_script(const char *text)
{
    for (int32_t c = krni_utf8_next(&text); c; c = krni_utf8_next(&text))
        if ((c >= 0x0620 && c <= 0x06FF) || (c >= 0x0750 && c <= 0x077F) ||
            (c >= 0xFB50 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC))
            return true;
    return false;
}

/* One letter of any script to lower-case Latin letters, digits, or a blank. */
static void write_latin(krni_writer *w, int32_t codepoint)
{
    utf8proc_int32_t parts[32];
    int boundary = 0;
    const int32_t lower = utf8proc_tolower(codepoint);
    const char *latin = latin_of(lower);
    if (latin) {
        krni_write(w, latin);
        return;
    }
    const utf8proc_ssize_t n =
        utf8proc_decompose_char(lower, parts, 32,
                                UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                    UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
                                &boundary);
    for (utf8proc_ssize_t i = 0; i < n && i < 32; i++) {
        const int32_t part = parts[i];
        latin = latin_of(part);
        if (latin)
            krni_write(w, latin);
        else if ((part >= 'a' && part <= 'z') || (part >= '0' && part <= '9'))
            krni_write_char(w, (char)part);
        else if (utf8proc_category(part) >= UTF8PROC_CATEGORY_LU &&
                 utf8proc_category(part) <= UTF8PROC_CATEGORY_LO)
            krni_write_codepoint(w, part);
        else if (part != '\'' && part != 0x2019 && part != 0x02BC)
            krni_write_char(w, ' ');
    }
}

typedef struct sound {
    const char *spelling;
    const char *letter;
} sound;

/* Longest first. One sound is one letter: x is sh, c is ch, j is zh. */
static const sound sounds[] = {
    {"shch", "x"}, {"sch", "x"}, {"tch", "c"}, {"dzh", "j"}, {"sh", "x"}, {"ch", "c"},
    {"zh", "j"},   {"dj", "j"},  {"kh", "h"},  {"gh", "g"},  {"ts", "s"}, {"tz", "s"},
    {"ck", "k"},   {"iy", "i"},  {"ij", "i"},  {"ee", "i"},  {"oo", "u"}, {"ou", "u"},
    {"q", "k"},    {"x", "ks"},  {"w", "v"},   {"y", "i"},   {"c", "k"},
};

#define N_SOUNDS (sizeof sounds / sizeof sounds[0])

static const char *sound_at(const char *text, size_t *length)
{
    for (size_t i = 0; i < N_SOUNDS; i++) {
        const size_t n = strlen(sounds[i].spelling);
        if (strncmp(text, sounds[i].spelling, n) == 0) {
            *length = n;
            return sounds[i].letter;
        }
    }
    *length = 0;
    return NULL;
}

/* Bones know no vowels, and none of the letters that stand for one in Arabic script. */
static bool is_bone(char c)
{
    return strchr("aeiouv ", c) == NULL;
}

static void put(krni_writer *w, size_t begin, char c, bool bones)
{
    const char last = w->size > begin && !w->failed ? w->data[w->size - 1] : ' ';
    if (bones && !is_bone(c))
        return;
    const bool letter_c = (c >= 'a' && c <= 'z');
    if (c == last && (letter_c || c == ' '))
        return;
    krni_write_char(w, c);
}

/* A final h is mute in Persian (ه stands for a vowel there). */
static void drop_final_h(krni_writer *w, size_t begin)
{
    if (!w->failed && w->size > begin + 1 && w->data[w->size - 1] == 'h')
        w->data[--w->size] = '\0';
}

void krni_skeleton(krni_writer *w, const char *text, bool bones)
{
    krni_writer latin;
    krni_writer_init(&latin, w->arena);
    for (int32_t c = krni_utf8_next(&text); c; c = krni_utf8_next(&text))
        write_latin(&latin, c);
    const char *at = krni_writer_text(&latin);
    const size_t begin = w->size;
    if (!at)
        w->failed = true;
    while (at && *at) {
        size_t length = 0;
        const char *heard = sound_at(at, &length);
        if (*at == ' ' && bones)
            drop_final_h(w, begin);
        if (heard) {
            for (; *heard; heard++)
                put(w, begin, *heard, bones);
            at += length;
        } else {
            put(w, begin, *at, bones);
            at++;
        }
    }
    if (bones)
        drop_final_h(w, begin);
    if (!w->failed && w->size > begin && w->data[w->size - 1] == ' ')
        w->data[--w->size] = '\0';
    krni_writer_free(&latin);
}
