/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - text in columns. Widths come from the cells; columns that may shrink give way, widest
 * first, until the row fits, and their cells are wrapped.
 *
 *      way                      arrival   days      USD
 *   ───────────────────────────────────────────────────
 *   A  rail by Sarakhs          21 Dec    20.3  402,120
 *      and Tejen */
#include "report/table.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void krni_page_dim(krni_page *page, const char *text)
{
    if (page->colour)
        krni_write(page->out, "\033[2m");
    krni_write(page->out, text);
    if (page->colour)
        krni_write(page->out, "\033[0m");
}

void krni_page_bold(krni_page *page, const char *text)
{
    if (page->colour)
        krni_write(page->out, "\033[1m");
    krni_write(page->out, text);
    if (page->colour)
        krni_write(page->out, "\033[0m");
}

void krni_page_title(krni_page *page, const char *text)
{
    if (page->colour)
        krni_write(page->out, "\033[1m");
    krni_write_wrapped(page->out, text, page->columns, 0);
    if (page->colour)
        krni_write(page->out, "\033[0m");
    krni_write(page->out, "\n");
}

void krni_page_rule(krni_page *page, size_t indent)
{
    krni_write_repeat(page->out, " ", indent);
    if (page->colour)
        krni_write(page->out, "\033[2m");
    krni_write_repeat(page->out, "─", page->columns > indent ? page->columns - indent : 0);
    if (page->colour)
        krni_write(page->out, "\033[0m");
    krni_write(page->out, "\n");
}

void krni_page_text(krni_page *page, const char *text, size_t indent)
{
    krni_write_repeat(page->out, " ", indent);
    krni_write_wrapped(page->out, text, page->columns - indent, indent);
    krni_write(page->out, "\n");
}

void krni_page_field(krni_page *page, const char *label, const char *text, size_t indent,
                     size_t label_columns)
{
    krni_write_repeat(page->out, " ", indent);
    if (page->colour)
        krni_write(page->out, "\033[2m");
    krni_write_padded(page->out, label, label_columns, KRNI_LEFT);
    if (page->colour)
        krni_write(page->out, "\033[0m");
    const size_t width = krni_width(label), gap = width < label_columns ? 0 : 2;
    krni_write_repeat(page->out, " ", gap); /* a label may be as wide as its column */
    const size_t left = indent + (gap ? width + gap : label_columns);
    krni_write_wrapped(page->out, text, page->columns - left, left);
    krni_write(page->out, "\n");
}

void krni_grid_init(krni_grid *grid, krn_arena *arena, const krni_grid_column *columns,
                    size_t n_columns)
{
    assert(n_columns <= KRNI_GRID_COLUMNS);
    *grid = (krni_grid){.arena = arena, .columns = columns, .n_columns = n_columns, .gap = 2};
}

void krni_grid_cell(krni_grid *grid, const char *text)
{
    if (grid->n_cells == grid->capacity) {
        const size_t capacity = grid->capacity ? grid->capacity * 2 : 64;
        const char **cells = krn_arena_alloc(grid->arena, capacity * sizeof *cells);
        if (!cells) {
            grid->failed = true;
            return;
        }
        if (grid->n_cells)
            memcpy(cells, grid->cells, grid->n_cells * sizeof *cells);
        grid->cells = cells;
        grid->capacity = capacity;
    }
    grid->cells[grid->n_cells++] = text ? text : "";
    if (!text)
        grid->failed = true;
}

void krni_grid_number(krni_grid *grid, double value, int decimals, bool group)
{
    char text[64];
    krni_number_text(value, decimals, group, text, sizeof text);
    krni_grid_cell(grid, krn_arena_text(grid->arena, text));
}

void krni_grid_format(krni_grid *grid, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    krni_grid_cell(grid, krn_arena_text(grid->arena, text));
}

static const char span_mark[] = "span"; /* in the second cell: the first one is over all */

void krni_grid_span(krni_grid *grid, const char *text)
{
    krni_grid_cell(grid, text);
    for (size_t c = 1; c < grid->n_columns; c++)
        krni_grid_cell(grid, span_mark);
}

static bool is_span(const krni_grid *grid, size_t row)
{
    return grid->n_columns > 1 && grid->cells[row + 1] == span_mark;
}

/* The widest line of a text with line ends. */
static size_t widest_line(const char *text)
{
    size_t widest = 0;
    while (text) {
        const char *end = strchr(text, '\n');
        const size_t bytes = end ? (size_t)(end - text) : strlen(text);
        char line[256];
        const size_t kept = bytes < sizeof line - 1 ? bytes : sizeof line - 1;
        memcpy(line, text, kept);
        line[kept] = '\0';
        const size_t width = krni_width(line) + (bytes - kept);
        widest = width > widest ? width : widest;
        text = end ? end + 1 : NULL;
    }
    return widest;
}

static void find_widths(krni_grid *grid, size_t room, size_t widths[KRNI_GRID_COLUMNS])
{
    size_t sum = 0;
    for (size_t c = 0; c < grid->n_columns; c++) {
        size_t width = 0;
        for (size_t i = c; i < grid->n_cells; i += grid->n_columns) {
            if (is_span(grid, i - c))
                continue;
            const size_t cell = widest_line(grid->cells[i]);
            width = cell > width ? cell : width;
        }
        if (width && grid->columns[c].heading) {
            const size_t heading = widest_line(grid->columns[c].heading);
            width = heading > width ? heading : width;
        }
        widths[c] = width;
        sum += width ? width + grid->gap : 0;
    }
    sum -= sum ? grid->gap : 0;
    while (sum > room) {
        size_t widest = grid->n_columns;
        for (size_t c = 0; c < grid->n_columns; c++)
            if (grid->columns[c].least && widths[c] > grid->columns[c].least &&
                (widest == grid->n_columns || widths[c] > widths[widest]))
                widest = c;
        if (widest == grid->n_columns) {
            grid->gap = 1;
            break;
        }
        widths[widest]--;
        sum--;
    }
}

/* Line `number` of a text that has lines; its length, 0 when there is none. */
static size_t line_of(const char *text, size_t number, const char **line)
{
    while (number-- && text) {
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    *line = text;
    return text ? strcspn(text, "\n") : 0;
}

/* Texts of one row side by side, each in its lines. */
static void write_row(const krni_grid *grid, krni_page *page, size_t indent,
                      const size_t widths[KRNI_GRID_COLUMNS],
                      const char *const texts[KRNI_GRID_COLUMNS], bool bottom)
{
    size_t most = 1, lines[KRNI_GRID_COLUMNS];
    for (size_t c = 0; c < grid->n_columns; c++) {
        lines[c] = 1;
        for (const char *at = texts[c]; at && (at = strchr(at, '\n')); at++)
            lines[c]++;
        most = lines[c] > most ? lines[c] : most;
    }
    for (size_t l = 0; l < most; l++) {
        krni_writer line;
        krni_writer_init(&line, grid->arena);
        krni_write_repeat(&line, " ", indent);
        bool first = true;
        for (size_t c = 0; c < grid->n_columns; c++) {
            if (!widths[c])
                continue;
            const char *text = NULL;
            const size_t down = bottom ? most - lines[c] : 0; /* headings stand on the rule */
            const size_t n = l >= down && texts[c] ? line_of(texts[c], l - down, &text) : 0;
            char part[512];
            const size_t kept = n < sizeof part - 1 ? n : sizeof part - 1;
            if (kept)
                memcpy(part, text, kept);
            part[kept] = '\0';
            if (!first)
                krni_write_repeat(&line, " ", grid->gap);
            first = false;
            krni_write_padded(&line, part, widths[c], grid->columns[c].align);
        }
        while (line.size && line.data[line.size - 1] == ' ')
            line.size--;
        krni_write_bytes(page->out, line.data ? line.data : "", line.size);
        krni_write_char(page->out, '\n');
        if (line.failed)
            page->out->failed = true;
    }
}

static void write_heading(const krni_grid *grid, krni_page *page, size_t indent,
                          const size_t widths[KRNI_GRID_COLUMNS])
{
    const char *texts[KRNI_GRID_COLUMNS];
    size_t total = 0;
    bool any = false;
    for (size_t c = 0; c < grid->n_columns; c++) {
        texts[c] = grid->columns[c].heading;
        any = any || texts[c];
        total += widths[c] ? widths[c] + grid->gap : 0;
    }
    if (!any)
        return;
    if (page->colour)
        krni_write(page->out, "\033[2m");
    write_row(grid, page, indent, widths, texts, true);
    krni_write_repeat(page->out, " ", indent);
    krni_write_repeat(page->out, "─", total - grid->gap);
    if (page->colour)
        krni_write(page->out, "\033[0m");
    krni_write(page->out, "\n");
}

/* A cell in lines of a width; line ends that it has stay. */
static const char *wrap_cell(const krni_grid *grid, const char *text, size_t width)
{
    krni_writer wrapped;
    krni_writer_init(&wrapped, grid->arena);
    while (text) {
        const char *end = strchr(text, '\n');
        krni_writer line;
        krni_writer_init(&line, grid->arena);
        krni_write_bytes(&line, text, end ? (size_t)(end - text) : strlen(text));
        const char *whole = krni_writer_text(&line);
        if (!whole)
            return NULL;
        krni_write_wrapped(&wrapped, whole, width, 0);
        krni_write(&wrapped, end ? "\n" : "");
        text = end ? end + 1 : NULL;
    }
    return krni_writer_text(&wrapped);
}

void krni_grid_write(krni_grid *grid, krni_page *page, size_t indent)
{
    assert(grid->n_cells % grid->n_columns == 0 || grid->failed);
    size_t widths[KRNI_GRID_COLUMNS] = {0};
    if (grid->failed) {
        page->out->failed = true;
        return;
    }
    if (!grid->n_cells)
        return;
    find_widths(grid, page->columns - indent, widths);
    write_heading(grid, page, indent, widths);
    for (size_t row = 0; row < grid->n_cells && !page->out->failed; row += grid->n_columns) {
        const char *texts[KRNI_GRID_COLUMNS];
        if (is_span(grid, row)) {
            const size_t left = indent + widths[0] + (widths[0] ? grid->gap : 0);
            krni_write_repeat(page->out, " ", left);
            krni_write_wrapped(page->out, grid->cells[row], page->columns - left, left);
            krni_write_char(page->out, '\n');
            continue;
        }
        for (size_t c = 0; c < grid->n_columns; c++) {
            texts[c] = grid->cells[row + c];
            if (grid->columns[c].least && widest_line(texts[c]) > widths[c])
                texts[c] = wrap_cell(grid, texts[c], widths[c]);
            if (!texts[c])
                page->out->failed = true;
        }
        if (page->out->failed)
            return;
        write_row(grid, page, indent, widths, texts, false);
    }
}
