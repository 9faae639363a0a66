/* SPDX-License-Identifier: Apache-2.0 */
/* tradeoff_plot.c - cost against time as a small picture; each route is its letter.
 *
 *     USD per t
 *       160 │          A
 *           │                    B
 *       120 │                         C
 *           │                                   D
 *        80 ┤
 *           └─────────┬─────────┬─────────┬──────
 *                    20        25        30  days
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/plan_page.h"

#define ROWS   15 /* at most; few steps of cost take three lines each, many one */
#define MOST   72
#define MARGIN 10u /* columns left of the axis */

/* 1, 2 or 5 times a power of ten, at least span / parts. */
static double round_step(double span, double parts)
{
    const double raw = span / parts;
    const double power = pow(10.0, floor(log10(raw)));
    static const double factors[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (factors[i] * power >= raw * (1 - 1e-9))
            return factors[i] * power;
    return 10 * power;
}

/* An axis from low to high with whole steps at both ends. */
typedef struct axis {
    double low, high, step;
} axis;

static axis axis_of(double least, double most, double parts)
{
    if (!(most > least)) {
        const double room = fabs(least) > 1 ? fabs(least) * 0.05 : 1;
        least -= room;
        most += room;
    }
    axis a;
    a.step = round_step(most - least, parts);
    a.low = floor(least / a.step + 1e-9) * a.step;
    a.high = ceil(most / a.step - 1e-9) * a.step;
    if (a.high <= a.low)
        a.high = a.low + a.step;
    return a;
}

/* Lines of the picture: the same number for every step of cost. */
static size_t rows_of(axis y)
{
    const size_t steps = (size_t)llround((y.high - y.low) / y.step);
    const size_t rows = steps * (steps <= 3 ? 3 : steps <= 5 ? 2 : 1) + 1;
    return rows < ROWS ? rows : ROWS;
}

/* Puts a route's letter on the canvas, in the nearest free place to the right or left. */
static void put_letter(char canvas[ROWS][MOST], size_t width, size_t row, size_t column,
                       char letter)
{
    for (size_t away = 0; away < width; away++) {
        if (column + away < width && canvas[row][column + away] == ' ') {
            canvas[row][column + away] = letter;
            return;
        }
        if (away <= column && canvas[row][column - away] == ' ') {
            canvas[row][column - away] = letter;
            return;
        }
    }
}

static void write_x_axis(krni_page *page, axis x, size_t width)
{
    krni_writer ticks, labels;
    krni_writer_init(&ticks, page->out->arena);
    krni_writer_init(&labels, page->out->arena);
    char number[KRNI_WORD];
    size_t at = 0, written = 0;
    for (double v = x.low; v <= x.high + x.step * 1e-9; v += x.step) {
        const size_t column = (size_t)llround((v - x.low) / (x.high - x.low) * (double)(width - 1));
        krni_write_repeat(&ticks, "─", column - at);
        krni_write(&ticks, "┬");
        at = column + 1;
        krni_number_short(v, 1, number, sizeof number);
        const size_t n = strlen(number), begin = column > n / 2 ? column - n / 2 : 0;
        if (begin >= written) {
            krni_write_repeat(&labels, " ", begin - written);
            krni_write(&labels, number);
            written = begin + n;
        }
    }
    krni_write(&labels, " days");
    krni_page_dim(page, "└");
    const char *line = krni_writer_text(&ticks), *text = krni_writer_text(&labels);
    krni_page_dim(page, line ? line : "");
    krni_write(page->out, "\n");
    krni_write_repeat(page->out, " ", MARGIN + 2);
    krni_page_dim(page, text ? text : "");
    krni_write(page->out, "\n");
}

void krni_tradeoff_plot(krni_page *page, const krni_answer *answer)
{
    const krn_plan_result *r = answer->result;
    if (r->n_routes < 2 || !(r->load.net_t > 0))
        return;
    double least_d = INFINITY, most_d = -INFINITY, least_c = INFINITY, most_c = -INFINITY;
    for (uint32_t i = 0; i < r->n_routes; i++) {
        const double days = r->routes[i].duration_h / 24,
                     usd = r->routes[i].cost_usd / r->load.net_t;
        least_d = fmin(least_d, days);
        most_d = fmax(most_d, days);
        least_c = fmin(least_c, usd);
        most_c = fmax(most_c, usd);
    }
    if (!isfinite(least_d) || !isfinite(least_c) || !isfinite(most_d) || !isfinite(most_c))
        return;
    const axis x = axis_of(least_d, most_d, 6), y = axis_of(least_c, most_c, 5);
    const size_t rows = rows_of(y);
    size_t width = page->columns - MARGIN - 10;
    width = width > MOST - 1 ? MOST - 1 : width;
    char canvas[ROWS][MOST];
    memset(canvas, ' ', sizeof canvas);
    for (uint32_t i = 0; i < r->n_routes && i < 26; i++) {
        const double days = r->routes[i].duration_h / 24,
                     usd = r->routes[i].cost_usd / r->load.net_t;
        const size_t column =
            (size_t)llround((days - x.low) / (x.high - x.low) * (double)(width - 1));
        const size_t row = (size_t)llround((y.high - usd) / (y.high - y.low) * (double)(rows - 1));
        assert(column < width && row < rows);
        put_letter(canvas, width, row, column, (char)('A' + i));
    }
    krni_write(page->out, "\n");
    krni_write_repeat(page->out, " ", MARGIN - 8);
    krni_page_dim(page, "USD per t");
    krni_write(page->out, "\n");
    for (size_t row = 0; row < rows; row++) {
        char label[KRNI_WORD] = "", number[KRNI_WORD];
        for (double v = y.low; v <= y.high + y.step * 1e-9; v += y.step)
            if ((size_t)llround((y.high - v) / (y.high - y.low) * (double)(rows - 1)) == row)
                (void)snprintf(label, sizeof label, "%s",
                               krni_number_short(v, 2, number, sizeof number));
        krni_writer margin;
        krni_writer_init(&margin, page->out->arena);
        krni_write_padded(&margin, label, MARGIN, KRNI_RIGHT);
        krni_write(&margin, *label ? " ┤" : " │");
        const char *left = krni_writer_text(&margin);
        krni_page_dim(page, left ? left : "");
        size_t n = width;
        while (n && canvas[row][n - 1] == ' ')
            n--;
        krni_write_bytes(page->out, canvas[row], n);
        krni_write(page->out, "\n");
    }
    krni_write_repeat(page->out, " ", MARGIN + 1);
    write_x_axis(page, x, width);
}
